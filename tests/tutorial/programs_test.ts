import { assert, assertEquals } from "@std/assert";
import { filesBelow, importsBelow } from "../helpers/imports.ts";

const TIME_LIMIT = { timeout: 60_000 };
const ROOT = new URL("../../", import.meta.url);
const PACKAGES = /^(?:hono|ioredis|zod)(?:\/|$)/;
const MAX_LINES = 60;
const MAX_LINES_OF_SERVICE = 150;

Deno.test(
  "the tutorial's programs need Hono, ioredis, zod and each other only",
  TIME_LIMIT,
  async () => {
    const others = (await importsBelow("tutorial"))
      .filter(({ to, local }) => !(local ? to.startsWith("tutorial/") : PACKAGES.test(to)));
    assertEquals(others, []);
  },
);

Deno.test("the tutorial's programs can each be read in one sitting", TIME_LIMIT, async () => {
  const files = await filesBelow("tutorial");
  assertEquals(files.length, 13);
  for (const file of files) {
    const lines = (await Deno.readTextFile(new URL(file, ROOT))).trimEnd().split("\n").length;
    const most = file === "tutorial/6_service.ts" ? MAX_LINES_OF_SERVICE : MAX_LINES;
    assert(lines <= most, `${file} has ${lines} lines`);
  }
});

Deno.test("the tutorial names the Deno of the README, in both languages", TIME_LIMIT, async () => {
  const [version] =
    /deno@\d+\.\d+\.\d+/.exec(await Deno.readTextFile(new URL("README.md", ROOT))) ?? [];
  for (const file of ["tutorial/README.md", "tutorial/README.zh-CN.md"]) {
    const named = (await Deno.readTextFile(new URL(file, ROOT))).match(/deno@[\d.]+/g);
    assertEquals(named, [version, version], file);
  }
});
