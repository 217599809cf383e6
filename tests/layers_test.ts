import { assertEquals } from "@std/assert";

// What may import what, by folder; a folder may always import itself. `src/config.ts`, `src/log.ts`
// and the like are wiring: they import the core only, and only `main.ts` and `dev/` import them.
const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/core": [],
  "src/service": ["src/core"],
  "src/feeds": ["src/core"],
  "src/redis": ["src/core"],
  "src/http": ["src/core", "src/service"],
  "src/web": ["src/core"],
  "src": ["src/core"],
  ".": ["src", "src/core", "src/feeds", "src/http", "src/redis", "src/service", "src/web"],
  "dev": [".", "src", "dev/redis"],
  "dev/redis": [],
};

// Packages that only one layer needs: elsewhere they would be a detail that leaked.
const PACKAGES_OF: Record<string, readonly string[]> = {
  "src/core": [],
  "src/service": ["@std/"],
  "src/feeds": ["zod"],
  "src/redis": ["ioredis", "zod"],
};

const ROOT = new URL("../", import.meta.url);

/** Static and dynamic imports, and what is exported from elsewhere. */
const IMPORT = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;

interface Import {
  readonly from: string;
  readonly to: string;
}

Deno.test("every import points inwards", async () => {
  const wrong = (await readImports()).filter(({ from, to }) => !isAllowed(from, to));
  assertEquals(wrong.map(({ from, to }) => `${from} imports ${to}`), []);
});

Deno.test("no import closes a cycle", async () => {
  const imports = await readImports();
  const graph = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): void {
    assertEquals(path.includes(file), false, `cycle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const { to } of graph.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
});

function isAllowed(from: string, to: string): boolean {
  const layer = layerOf(from);
  if (!to.endsWith(".ts")) {
    return PACKAGES_OF[layer]?.some((name) => to.startsWith(name)) ?? true;
  }
  return layerOf(to) === layer || (MAY_IMPORT[layer]?.includes(layerOf(to)) ?? false);
}

/** The innermost folder that has a rule. */
function layerOf(file: string): string {
  const folders = file.split("/").slice(0, -1);
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders.slice(0, depth).join("/");
    if (folder in MAY_IMPORT) return folder;
  }
  return ".";
}

async function readImports(): Promise<Import[]> {
  const files = ["main.ts", ...await filesBelow("src"), ...await filesBelow("dev")];
  return (await Promise.all(files.map(importsOf))).flat();
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => ({
    from: file,
    to: specifier.startsWith(".")
      ? new URL(specifier, new URL(file, ROOT)).href.slice(ROOT.href.length)
      : specifier,
  }));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, ROOT)));
  const files = entries.map(({ name, isDirectory }) => {
    if (isDirectory) return filesBelow(`${folder}/${name}`);
    return name.endsWith(".ts") ? [`${folder}/${name}`] : [];
  });
  return (await Promise.all(files)).flat();
}
