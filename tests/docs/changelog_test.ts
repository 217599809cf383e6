import { assertEquals } from "@std/assert";
import { VERSION } from "../../src/version.ts";
import { findSections, readText } from "./markdown.ts";

Deno.test("CHANGELOG.md begins with this version", { timeout: 60_000 }, async () => {
  const [newest] = findSections(await readText("CHANGELOG.md"));
  assertEquals(newest?.title, VERSION);
});
