import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";

const ROOT = new URL("../../", import.meta.url);
const FEEDS = new URL("src/feeds/", ROOT);

/** The blocks of TypeScript in CONTRIBUTING's section about feeds, without their indentation. */
async function readExamples(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("CONTRIBUTING.md", ROOT));
  const [, section = ""] = text.split("\n## Adding a feed\n");
  const blocks = section.split("\n## ")[0]?.matchAll(/^ {3}```ts\n(.*?)^ {3}```$/gms) ?? [];
  return [...blocks].map(([, code = ""]) => code.replaceAll(/^ {3}/gm, ""));
}

/** Relative imports as if the file were in `src/feeds`. */
function resolveImports(code: string, examples: ReadonlyMap<string, string> = new Map()): string {
  return code.replaceAll(
    /(from |import\()"(\.[^"]+)"/g,
    (_, keyword, path) => `${keyword}"${examples.get(path) ?? new URL(path, FEEDS).href}"`,
  );
}

async function check(...files: string[]): Promise<string> {
  const config = fromFileUrl(new URL("deno.json", ROOT));
  const args = ["check", "--quiet", "--no-lock", "--config", config, ...files];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  return success ? "compiles" : new TextDecoder().decode(stderr);
}

Deno.test("CONTRIBUTING's example of a feed compiles, in its file and in the registry", {
  timeout: 60_000,
}, async () => {
  const [feed = "", line = "", ...others] = await readExamples();
  assertEquals(others, []);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/coinmood.ts`, resolveImports(feed));
    const registry = await Deno.readTextFile(new URL("mod.ts", FEEDS));
    const example = new Map([["./coinmood.ts", `file://${folder}/coinmood.ts`]]);
    const extended = registry.replace('  ["live",', `  ${line}  ["live",`);
    assertEquals(extended.includes("coinmood"), true, "the registry has another form");
    await Deno.writeTextFile(`${folder}/mod.ts`, resolveImports(extended, example));
    assertEquals(await check(`${folder}/coinmood.ts`, `${folder}/mod.ts`), "compiles");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
