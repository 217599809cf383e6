import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const SCRIPT = `
import { createLog } from "./src/log.ts";
const log = createLog(Deno.args[0]);
log.debug("looked", { at: "it" });
log.info("happened", { url: "redis://user:hunter2@host:1", stored: 2 });
const cause = Object.assign(new Error("connect to redis://:hunter2@host"), { args: ["hunter2"] });
log.error("broke", { error: new TypeError("no", { cause }) });
`;

/** Logs in a process of its own, as a log takes the console of its process. */
async function linesAt(level: string) {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", SCRIPT, level],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("createLog() writes JSON lines with fields, and hides passwords", async () => {
  const [happened, broke, ...others] = await linesAt("info");
  assertEquals(others, []);
  assertEquals([happened.level, happened.message], ["INFO", "happened"]);
  assertEquals(happened.properties, { url: "redis://***@host:1", stored: 2 });
  assertStringIncludes(
    broke.properties.error,
    "TypeError: no; cause: Error: connect to redis://***@host",
  );
  assert(!JSON.stringify([happened, broke]).includes("hunter2"));
});

Deno.test("createLog() leaves out what is below its level", async () => {
  assertEquals((await linesAt("error")).map(({ message }) => message), ["broke"]);
  assertEquals((await linesAt("debug")).map(({ message }) => message), [
    ...["looked", "happened", "broke"],
  ]);
});
