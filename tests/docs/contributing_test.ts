import { assertEquals } from "@std/assert";
import { findCode, findSections, findTableRows, listFolders, readText } from "./markdown.ts";

Deno.test("CONTRIBUTING.md lists every folder of src", { timeout: 10_000 }, async () => {
  const sections = findSections(await readText("CONTRIBUTING.md"));
  const layout = sections.find(({ title }) => title === "Layout")?.text ?? "";
  const listed = findTableRows(layout).flatMap(([folder = ""]) => findCode(folder))
    .filter((path) => path.startsWith("src/") && !path.endsWith(".ts"));
  assertEquals(listed.sort(), await listFolders("src"));
});
