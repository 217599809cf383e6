import os from "node:os";
import type { Bench } from "./bench.ts";

/** Describes the machine and the versions, as lines of Markdown. */
export function describeMachine({ store, generator }: Bench): string {
  const [cpu] = os.cpus();
  const gigabytes = Math.round(os.totalmem() / 2 ** 30);
  return [
    `- ${new Date().toISOString().slice(0, 10)}`,
    `- ${cpu?.model.trim()}, ${navigator.hardwareConcurrency} cores, ${gigabytes} GB of memory`,
    `- load average before: ${Deno.loadavg()[0]?.toFixed(1)}, which should be near 0`,
    `- ${os.type()} ${os.release()} (${Deno.build.arch})`,
    `- Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    `- ${store.description}`,
    `- load: ${generator.name}`,
  ].join("\n");
}
