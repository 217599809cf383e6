import { assertEquals } from "@std/assert";
import { findSpecifiers, type Import, importsBelow, UNKNOWN_TARGET } from "./helpers/imports.ts";

const TIME_LIMIT = { timeout: 10_000 };

const ADAPTERS = ["src/feeds", "src/redis", "src/webhooks", "src/observe", "src/web"];

/** What each folder or file may import, beside itself; the longest name that fits decides. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ["src/core", []],
  ["src/use_cases", ["src/core"]],
  ...ADAPTERS.map((adapter) => [adapter, ["src/core"]] as const),
  ["src/http", ["src/core", "src/use_cases", "src/version.ts"]],
  ["src/version.ts", []],
  ["src/config_values.ts", ["src/core"]],
  ["src/config.ts", ["src/core", "src/config_values.ts"]],
  ["src/log.ts", ["src/core", "src/config.ts"]],
  ["src/ca.ts", ["src/config.ts"]],
  ["src/exit.ts", ["src/config.ts"]],
  ["src/wiring", [
    "src/core",
    "src/use_cases",
    "src/http",
    "src/config.ts",
    "src/redis",
    "src/webhooks",
    "src/observe",
    "src/web",
  ]],
  ["src/service.ts", [
    "src/core",
    "src/use_cases",
    "src/http",
    "src/config.ts",
    "src/wiring",
    "src/observe",
  ]],
  // The process: it chooses the feed, and holds the server and the tracing of Deno.
  ["main.ts", [
    "src/service.ts",
    "src/ca.ts",
    "src/exit.ts",
    "src/config.ts",
    "src/log.ts",
    "src/feeds",
    "src/http",
    "src/observe",
    "src/core",
    "src/version.ts",
  ]],
  ["dev/redis", []],
  ["dev", [
    "dev/redis",
    "main.ts",
    "src/config_values.ts",
    "src/core",
    "src/webhooks",
    "deno.json",
  ]],
]);

/** The packages that each layer uses; a package elsewhere would be a detail that leaked. */
const PACKAGES = new Map<string, readonly string[]>([
  ["src/core", []],
  ["src/use_cases", ["@std/async"]],
  ["src/feeds", ["zod"]],
  ["src/redis", ["ioredis", "zod"]],
  ["src/webhooks", ["standardwebhooks"]],
  ["src/observe", ["prom-client", "@opentelemetry/api"]],
  ["src/web", ["node:buffer", "node:crypto"]],
  ["src/http", [
    "hono",
    "zod",
    "zod-openapi",
    "badge-maker",
    "swagger-ui-dist",
    "node:crypto",
    "node:util",
    "node:zlib",
  ]],
  ["src/version.ts", []],
  ["src/config_values.ts", ["zod"]],
  ["src/config.ts", ["zod"]],
  ["src/log.ts", []],
  ["src/ca.ts", []],
  ["src/exit.ts", []],
  ["src/wiring", ["@std/async"]],
  ["src/service.ts", []],
  ["main.ts", []],
  ["dev/redis", ["node:buffer", "node:sqlite"]],
  ["dev", ["node:util", "@std/async", "@std/path"]],
]);

/** The longest name of a layer that holds a file. */
function layerOf(file: string): string | undefined {
  return [...MAY_IMPORT.keys()]
    .filter((layer) => file === layer || file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to, local }: Import): boolean {
  const layer = layerOf(from);
  if (layer === undefined) return false;
  if (local) {
    const target = layerOf(to) ?? to;
    return target === layer || (MAY_IMPORT.get(layer)?.includes(target) ?? false);
  }
  const packages = PACKAGES.get(layer) ?? [];
  return packages.some((name) => to === name || to.startsWith(`${name}/`));
}

function findViolations(imports: readonly Import[]): string[] {
  return imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
}

/** Returns the first cycle, as a path of files; `undefined` if there is none. */
function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): readonly string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    done.add(file);
    for (const { to } of targets.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
  }
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
}

Deno.test("every import points inwards", TIME_LIMIT, async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
  assertEquals(findViolations(imports), []);
});

Deno.test("no import closes a cycle", TIME_LIMIT, async () => {
  assertEquals(findCycle(await importsBelow("main.ts", "src", "dev")), undefined);
});

Deno.test("every layer exists, and uses what it may import", TIME_LIMIT, async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
  const used = new Set(imports.map(({ from, to, local }) => {
    const layer = layerOf(from) ?? "";
    const name = PACKAGES.get(layer)?.find((one) => to === one || to.startsWith(`${one}/`));
    return `${layer} imports ${local ? layerOf(to) ?? to : name ?? to}`;
  }));
  const allowed = [...MAY_IMPORT, ...PACKAGES].flatMap(([layer, targets]) =>
    targets.map((target) => `${layer} imports ${target}`)
  );
  // All adapters may import the core, also one that needs nothing of it.
  const spare = allowed.filter((one) => !used.has(one) && !one.endsWith("imports src/core"));
  assertEquals(spare, []);
});

Deno.test.each([
  { from: "src/core/sample.ts", to: "src/use_cases/refresh.ts" },
  { from: "src/core/sample.ts", to: "zod" },
  { from: "src/core/sample.ts", to: "node:crypto" },
  { from: "src/service.ts", to: UNKNOWN_TARGET },
  { from: "src/use_cases/refresh.ts", to: "src/redis/series.ts" },
  { from: "src/use_cases/refresh.ts", to: "src/http/problem.ts" },
  { from: "src/use_cases/refresh.ts", to: "ioredis" },
  { from: "src/feeds/okx.ts", to: "src/redis/keys.ts" },
  { from: "src/redis/keys.ts", to: "src/feeds/okx.ts" },
  { from: "src/webhooks/send.ts", to: "src/use_cases/notify.ts" },
  { from: "src/web/page.ts", to: "src/http/headers.ts" },
  { from: "src/observe/metrics.ts", to: "src/redis/keys.ts" },
  { from: "src/http/page.ts", to: "src/web/mod.ts" },
  { from: "src/http/summary.ts", to: "src/redis/series.ts" },
  { from: "src/http/summary.ts", to: "ioredis" },
  { from: "src/config.ts", to: "src/feeds/mod.ts" },
  { from: "src/config.ts", to: "src/redis/keys.ts" },
  { from: "src/log.ts", to: "src/http/problem.ts" },
  { from: "src/wiring/web.ts", to: "src/service.ts" },
  { from: "src/wiring/web.ts", to: "dev/redis/mod.ts" },
  { from: "src/service.ts", to: "tests/helpers/app.ts" },
  { from: "src/service.ts", to: "src/redis/series.ts" },
  { from: "main.ts", to: "src/redis/connection.ts" },
  { from: "dev/redis/server.ts", to: "src/redis/keys.ts" },
  { from: "dev/main.ts", to: "tests/helpers/feeds.ts" },
  { from: "src/new_folder/file.ts", to: "src/core/sample.ts" },
])("findViolations() reports that $from imports $to", TIME_LIMIT, ({ from, to }) => {
  const local = to.endsWith(".ts");
  assertEquals(findViolations([{ from, to, local }]), [`${from} imports ${to}`]);
});

Deno.test("findCycle() finds a cycle of any length", TIME_LIMIT, () => {
  const chain = ["a", "b", "c", "d"].map((from, i, all) => ({
    from,
    to: all[i + 1] ?? "e",
    local: true,
  }));
  assertEquals(findCycle(chain), undefined);
  assertEquals(findCycle([...chain, { from: "d", to: "b", local: true }]), ["b", "c", "d", "b"]);
  assertEquals(findCycle([{ from: "a", to: "a", local: true }]), ["a", "a"]);
});

Deno.test("findSpecifiers() finds imports of every form", TIME_LIMIT, () => {
  const text = `
import a from "a";
import type { B } from "b";
import {
  c,
  type D,
} from "c";
import * as e from "e";
import "f";
export { g } from "g";
export * from "h";
export {
  i,
} from "i";
import j from "j" with { type: "json" };
const k = await import("k");
type L = import("l").L;
const m = { from: "m" }; // from "n"
`;
  assertEquals(findSpecifiers(text).join(""), "abcefghijkl");
  assertEquals(findSpecifiers("await import(name)"), [UNKNOWN_TARGET]);
});
