import { assert } from "@std/assert";
import { dedent, findCodeBlocks, readText } from "./markdown.ts";

Deno.test("docs/tutorial.md shows code as it is in the sources", { timeout: 10_000 }, async (t) => {
  const blocks = findCodeBlocks(await readText("docs/tutorial.md"))
    .filter(({ info }) => info.startsWith("ts"));
  assert(blocks.length > 10, `${blocks.length} blocks`);
  for (const { info, lines } of blocks) {
    const [, path = ""] = info.split(" ");
    await t.step(`${path}: ${lines[0]?.trim()}`, async () => {
      assert(path !== "", "the block names no file");
      const source = (await readText(path)).split("\n");
      assert(hasRun(source, lines), `${path} does not contain\n${lines.join("\n")}`);
    });
  }
});

/** Whether the lines follow each other in the source, at any indentation. */
function hasRun(source: readonly string[], lines: readonly string[]): boolean {
  const wanted = dedent(lines).join("\n");
  return source.some((_, start) =>
    dedent(source.slice(start, start + lines.length)).join("\n") === wanted
  );
}
