/**
 * Runs the tests of the given paths, with the options of `deno test`, and says first which of them this
 * machine leaves out. The runner prints each dot on a line of its own unless it has a terminal; here
 * dots share lines, and colours are for terminals.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { describeLeftOut } from "./helpers/needs.ts";

const WIDTH = 100;
const DOT = /^[.!,]$/;
const PERMISSIONS = ["net", "env", "read", "write", "run"].map((name) => `--allow-${name}`);

const hasColors = Deno.stdout.isTerminal() && !Deno.noColor;

for (const left of describeLeftOut()) console.log(`left out: ${left}`);
const runner = new Deno.Command(Deno.execPath(), {
  args: ["test", "--quiet", "--parallel", "--reporter=dot", ...PERMISSIONS, ...Deno.args],
  // Many tests wait most of their time.
  env: { DENO_JOBS: "4" },
  stdout: "piped",
}).spawn();
await runner.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(joinDots())
  .pipeThrough(new TextEncoderStream()).pipeTo(Deno.stdout.writable);
Deno.exit((await runner.status).code);

/** Joins lines that are one dot each, and leaves others as they are. */
function joinDots(): TransformStream<string, string> {
  let rest = "";
  let dots = 0;
  function format(line: string): string {
    const plain = stripVTControlCharacters(line);
    const shown = hasColors ? line : plain;
    if (DOT.test(plain)) return `${shown}${++dots % WIDTH === 0 ? "\n" : ""}`;
    const end = dots % WIDTH === 0 ? "" : "\n";
    dots = 0;
    return `${end}${shown}\n`;
  }
  return new TransformStream({
    transform(text, controller) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      controller.enqueue(lines.map(format).join(""));
    },
    flush: (controller) => controller.enqueue(rest),
  });
}
