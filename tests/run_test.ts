import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";

const TIME_LIMIT = { timeout: 60_000 };
const RUN = fromFileUrl(new URL("run.ts", import.meta.url));
const FILES = 3;
const TESTS = 90;

const PASSING = `for (let i = 0; i < ${TESTS}; i++) Deno.test(\`test \${i}\`, () => {});`;
const FAILING = 'Deno.test("a failing one", () => { throw new Error("the reason"); });';

/** Runs test files from a folder of their own, without a terminal. */
async function runTests(...sources: string[]) {
  const folder = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-run-" });
  for (const [i, source] of sources.entries()) {
    await Deno.writeTextFile(`${folder}/${i}_test.ts`, source);
  }
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-env", "--allow-read", "--allow-run", RUN, folder],
  }).output();
  await Deno.remove(folder, { recursive: true });
  return { code, text: new TextDecoder().decode(stdout) };
}

Deno.test("tests/run.ts joins dots without a terminal", TIME_LIMIT, async () => {
  const { code, text } = await runTests(...Array.from({ length: FILES }, () => PASSING));
  assertEquals(code, 0);
  const dots = text.split("\n").filter((line) => /^\.+$/.test(line));
  assertEquals(dots.map(({ length }) => length), [100, 100, FILES * TESTS - 200]);
  assertMatch(text, new RegExp(`\nok \\| ${FILES * TESTS} passed \\| 0 failed \\(.*\\)\n+$`));
  assertEquals(text.includes("\x1b"), false, "colours are for terminals");
});

Deno.test("tests/run.ts shows why a test failed, and fails", TIME_LIMIT, async () => {
  const { code, text } = await runTests(PASSING, FAILING);
  assertEquals(code, 1);
  assertStringIncludes(text, "error: Error: the reason");
  assertMatch(text, new RegExp(`\nFAILED \\| ${TESTS} passed \\| 1 failed \\(.*\\)\n+$`));
});
