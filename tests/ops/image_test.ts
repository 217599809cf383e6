import { assertEquals } from "@std/assert";
import * as z from "zod";
import { serveLocally } from "../helpers/local_server.ts";
import { readText } from "./files.ts";

const COMMAND = z.tuple([z.literal("deno")], z.string());

/** Runs the health check of the image; returns its exit code. */
async function runHealthCheck(env: Record<string, string>): Promise<number> {
  const [, command = "[]"] = /^HEALTHCHECK.*\\\n +CMD (.*)$/m.exec(await readText("Dockerfile")) ??
    [];
  const [, ...args] = COMMAND.parse(JSON.parse(command));
  const options = { args, env, stdout: "null", stderr: "null" } as const;
  return (await new Deno.Command(Deno.execPath(), options).output()).code;
}

Deno.test.each([
  { hosts: "all addresses", host: "" },
  { hosts: "all IPv4 addresses", host: "0.0.0.0" },
  { hosts: "one address", host: "127.0.0.1" },
])("the image is healthy while the service listens on $hosts", {
  timeout: 60_000,
}, async ({ host }) => {
  let status = 200;
  await using service = serveLocally(({ url }) => {
    assertEquals(new URL(url).pathname, "/healthz");
    return new Response(null, { status });
  });
  const env = { HOST: host, PORT: new URL(service.url).port };
  assertEquals(await runHealthCheck(env), 0);
  status = 503;
  assertEquals(await runHealthCheck(env), 1);
  assertEquals(service.requests, 2);
});

Deno.test("the image is unhealthy while nothing listens", { timeout: 60_000 }, async () => {
  const service = serveLocally(() => new Response());
  const { port } = new URL(service.url);
  await service[Symbol.asyncDispose]();
  assertEquals(await runHealthCheck({ PORT: port }), 1);
});
