import { assertEquals } from "@std/assert";
import { filesBelow } from "./helpers/imports.ts";

const ROOT = new URL("../", import.meta.url);
const FOLDERS = ["src", "dev", "tests", "bench", "tutorial"];

/** Uses of `pathname` of a file's URL: written in place, or kept in a constant. */
function pathnamesIn(text: string): string[] {
  const constants = text.matchAll(/const (\w+) = new URL\([^;]*?import\.meta\.url\);/g);
  const bases = ["import\\.meta\\.url", ...[...constants].map(([, name]) => `\\b${name}`)];
  return bases.flatMap((base) => text.match(new RegExp(`${base}\\)?\\.pathname`, "g")) ?? []);
}

Deno.test("a path is never taken from a URL's pathname, which encodes spaces", {
  timeout: 60_000,
}, async () => {
  const files = (await Promise.all(FOLDERS.map(filesBelow))).flat()
    .filter((file) => file !== "tests/paths_test.ts");
  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    assertEquals(pathnamesIn(text), [], file);
  }
});

Deno.test.each([
  { text: 'const A = new URL("a", import.meta.url);\nA.pathname' },
  { text: 'const ROOT = new URL("a", import.meta.url);\nnew URL("b", ROOT).pathname' },
  { text: 'new URL("a", import.meta.url).pathname' },
])("pathnamesIn() finds $text", { timeout: 60_000 }, ({ text }) => {
  assertEquals(pathnamesIn(text).length, 1);
});
