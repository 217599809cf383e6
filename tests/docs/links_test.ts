import { assertEquals } from "@std/assert";
import { exists, findAnchors, findLinks, listMarkdownFiles, readText } from "./markdown.ts";

Deno.test("every relative link in Markdown has a target", { timeout: 60_000 }, async () => {
  const broken: string[] = [];
  for (const file of await listMarkdownFiles()) {
    for (const link of findLinks(await readText(file))) {
      if (!/^[a-z]+:/.test(link) && !await leadsSomewhere(file, link)) {
        broken.push(`${file}: ${link}`);
      }
    }
  }
  assertEquals(broken, []);
});

async function leadsSomewhere(file: string, link: string): Promise<boolean> {
  const { pathname, hash } = new URL(link, `file:///${file}`);
  const path = decodeURIComponent(pathname.slice(1));
  if (!await exists(path)) return false;
  if (hash === "" || !path.endsWith(".md")) return true;
  return findAnchors(await readText(path)).has(decodeURIComponent(hash.slice(1)));
}
