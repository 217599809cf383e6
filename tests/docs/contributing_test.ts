import { assert, assertEquals } from "@std/assert";
import { findCode, findSections, findTableRows, listFolders, readText } from "./markdown.ts";

Deno.test("CONTRIBUTING.md lists every folder of src", { timeout: 60_000 }, async () => {
  const sections = findSections(await readText("CONTRIBUTING.md"));
  const layout = sections.find(({ title }) => title === "Layout")?.text ?? "";
  const listed = findTableRows(layout).flatMap(([folder = ""]) => findCode(folder))
    .filter((path) => path.startsWith("src/") && !path.endsWith(".ts"));
  assertEquals(listed.sort(), await listFolders("src"));
});

Deno.test.each([{ title: "A read" }, { title: "A refresh" }, { title: "A page" }])(
  "CONTRIBUTING.md walks through at most eight files: $title",
  { timeout: 60_000 },
  async ({ title }) => {
    const [, walk = ""] = (await readText("CONTRIBUTING.md")).split(`\n### ${title}\n`);
    const files = [...(walk.split("\n#")[0] ?? "").matchAll(/^\d+\. \[`([^`]+)`\]\(([^)]+)\)/gm)];
    assertEquals(files.map(([, name]) => name), files.map(([, , target]) => target));
    assert(files.length > 0 && files.length <= 8, `${files.length} files`);
  },
);
