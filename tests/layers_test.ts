import { assertEquals } from "@std/assert";
import { type Import, importsBelow } from "./helpers/imports.ts";

// What may import what, by folder; a folder may always import itself. `src/config.ts`, `src/log.ts`
// and the like are wiring: they import the core and the list of feeds only, and only `main.ts` and
// `dev/` import them.
const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/core": [],
  "src/use_cases": ["src/core"],
  "src/feeds": ["src/core"],
  "src/redis": ["src/core"],
  "src/webhooks": ["src/core"],
  "src/http": ["src/core", "src/use_cases"],
  "src/observe": ["src/core"],
  "src/web": ["src/core"],
  "src": ["src/core", "src/feeds"],
  ".": [
    "src",
    "src/core",
    "src/feeds",
    "src/http",
    "src/observe",
    "src/redis",
    "src/use_cases",
    "src/web",
    "src/webhooks",
  ],
  "dev": [".", "src", "src/core", "src/webhooks", "dev/redis"],
  "dev/redis": [],
};

// Packages that only one layer needs: elsewhere they would be a detail that leaked.
const PACKAGES_OF: Record<string, readonly string[]> = {
  "src/core": [],
  "src/use_cases": ["@std/"],
  "src/feeds": ["zod"],
  "src/redis": ["ioredis", "zod"],
  "src/webhooks": ["standardwebhooks"],
};

Deno.test("every import points inwards", async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
  const wrong = imports.filter((one) => !isAllowed(one));
  assertEquals(wrong.map(({ from, to }) => `${from} imports ${to}`), []);
});

Deno.test("no import closes a cycle", async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
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

function isAllowed({ from, to, local }: Import): boolean {
  const layer = layerOf(from);
  if (!local) {
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
