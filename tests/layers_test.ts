import { assert, assertEquals } from "@std/assert";
import {
  filesBelow,
  findSpecifiers,
  type Import,
  importsBelow,
  readProjectFile,
  UNKNOWN_TARGET,
} from "./helpers/imports.ts";

const TIME_LIMIT = { timeout: 60_000 };

const BASE = ["src/contain.ts", "src/log.ts", "src/samples"];
const SHARED = [...BASE, "src/feeds", "src/redis", "src/http"];
const CAPABILITIES = [
  "src/summary",
  "src/history",
  "src/track_record",
  "src/refresh",
  "src/notifications",
];

/** What each room or file may import, beside itself; the longest name that fits decides. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ["src/contain.ts", ["src/log.ts"]],
  ["src/log.ts", ["src/contain.ts"]],
  ["src/samples", []],
  ["src/feeds", BASE],
  ["src/redis", BASE],
  ["src/http", [...BASE, "src/version.ts"]],
  ["src/summary", SHARED],
  ["src/history", [...SHARED, "src/summary"]],
  ["src/track_record", [...SHARED, "src/summary"]],
  ["src/refresh", [...SHARED, "src/summary"]],
  ["src/notifications", [...SHARED, "src/summary"]],
  ["src/observe", [...BASE, "src/http"]],
  ["src/web", [...SHARED, ...CAPABILITIES]],
  ["src/version.ts", []],
  ["src/config_values.ts", [...BASE, "src/notifications"]],
  ["src/config.ts", [...BASE, "src/config_values.ts"]],
  // Every route, and what each error becomes.
  ["src/app.ts", [...SHARED, ...CAPABILITIES, "src/observe", "src/web"]],
  // All the wiring.
  ["src/service.ts", [
    ...SHARED,
    ...CAPABILITIES,
    "src/observe",
    "src/web",
    "src/app.ts",
    "src/config.ts",
    "src/version.ts",
  ]],
  // The process: it chooses the feed, and holds the server and the tracing of Deno.
  ["main.ts", [...SHARED, "src/service.ts", "src/config.ts", "src/observe", "src/version.ts"]],
  ["dev/redis", []],
  ["dev", [
    ...SHARED,
    ...CAPABILITIES,
    "dev/redis",
    "src/config.ts",
    "src/config_values.ts",
    "main.ts",
    "deno.json",
  ]],
]);

/** The packages that each room uses; a package elsewhere would be a detail that leaked. */
const PACKAGES = new Map<string, readonly string[]>([
  ["src/feeds", ["zod"]],
  ["src/redis", ["ioredis", "zod", "@std/async"]],
  ["src/http", [
    "hono",
    "zod",
    "zod-openapi",
    "swagger-ui-dist",
    "node:crypto",
    "node:stream",
    "node:zlib",
    "@std/async",
  ]],
  ["src/summary", ["hono", "zod", "zod-openapi", "node:util"]],
  ["src/history", ["hono", "zod", "zod-openapi"]],
  ["src/track_record", ["hono", "zod", "zod-openapi", "@std/async"]],
  ["src/refresh", ["hono", "zod", "zod-openapi"]],
  ["src/notifications", ["zod", "standardwebhooks", "node:crypto"]],
  ["src/observe", [
    "hono",
    "zod",
    "zod-openapi",
    "@prometheus-io/client",
    "@opentelemetry/api",
    "@std/async",
  ]],
  ["src/web", ["hono", "zod", "zod-openapi", "node:buffer"]],
  ["src/config_values.ts", ["zod"]],
  ["src/config.ts", ["zod"]],
  ["src/app.ts", ["hono", "@std/async"]],
  ["src/service.ts", ["@std/async"]],
  ["dev/redis", ["node:buffer", "node:sqlite"]],
  ["dev", ["node:util", "@std/async", "@std/path"]],
]);

/**
 * What only computes: no input or output, no clock, no parser, no framework. Such a file imports no
 * value but from others of this list.
 */
const PURE: ReadonlySet<string> = new Set([
  "src/samples/bucket.ts",
  "src/samples/sample.ts",
  "src/feeds/lone_price.ts",
  "src/feeds/price_index.ts",
  "src/feeds/splice.ts",
  "src/summary/states.js",
  "src/summary/summary.ts",
  "src/history/history.ts",
  "src/track_record/horizon.ts",
  "src/track_record/payoff.ts",
  "src/track_record/hour_states.ts",
  "src/track_record/track_record.ts",
  "src/notifications/notification.ts",
  "src/notifications/message.ts",
  "src/notifications/receivers.ts",
]);

/** Names by which a program reaches beyond its arguments. */
const EFFECTS =
  /\b(?:Date\.now|new Date\(\)|performance|Math\.random|crypto|fetch\(|Deno|setTimeout|setInterval|console)\b/;

/** The longest name of a room that holds a file. */
function roomOf(file: string): string | undefined {
  return [...MAY_IMPORT.keys()]
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to, local }: Import): boolean {
  const room = roomOf(from);
  if (room === undefined) return false;
  if (local) {
    const target = roomOf(to) ?? to;
    return target === room || (MAY_IMPORT.get(room)?.includes(target) ?? false);
  }
  const packages = PACKAGES.get(room) ?? [];
  return packages.some((name) => to === name || to.startsWith(`${name}/`));
}

function findViolations(imports: readonly Import[]): string[] {
  return imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
}

function findImpure(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to, isType }) => PURE.has(from) && !isType && !PURE.has(to))
    .map(({ from, to }) => `${from} computes, and imports ${to}`);
}

/** Returns the first cycle of imports, as a path of files; `undefined` if there is none. */
function findCycle(imports: readonly Import[]): readonly string[] | undefined {
  const targets = Map.groupBy(imports.filter(({ isType }) => !isType), ({ from }) => from);
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

Deno.test("every import leads to a room below", TIME_LIMIT, async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
  assertEquals(findViolations(imports), []);
});

Deno.test("no import closes a cycle", TIME_LIMIT, async () => {
  assertEquals(findCycle(await importsBelow("main.ts", "src", "dev")), undefined);
});

Deno.test("what computes imports only what computes", TIME_LIMIT, async () => {
  assertEquals(findImpure(await importsBelow("src")), []);
});

Deno.test("what computes reaches nothing but its arguments", TIME_LIMIT, async () => {
  for (const file of PURE) {
    const effect = EFFECTS.exec(await readProjectFile(file));
    assertEquals(effect?.[0], undefined, `${file} uses ${effect?.[0]}`);
  }
});

Deno.test("every room of the rules exists", TIME_LIMIT, async () => {
  const files = ["main.ts", ...await filesBelow("src"), ...await filesBelow("dev")];
  const rooms = new Set(files.map(roomOf));
  assertEquals([...MAY_IMPORT.keys()].filter((room) => !rooms.has(room)), []);
});

Deno.test("every package of the rules is used", TIME_LIMIT, async () => {
  const imports = await importsBelow("main.ts", "src", "dev");
  const spare = [...PACKAGES].flatMap(([room, packages]) =>
    packages
      .filter((name) =>
        !imports.some(({ from, to }) =>
          roomOf(from) === room && (to === name || to.startsWith(`${name}/`))
        )
      )
      .map((name) => `${room} does not import ${name}`)
  );
  assertEquals(spare, []);
});

Deno.test.each([
  { from: "src/samples/sample.ts", to: "src/feeds/feed.ts" },
  { from: "src/samples/sample.ts", to: "zod" },
  { from: "src/samples/sample.ts", to: "node:crypto" },
  { from: "src/service.ts", to: UNKNOWN_TARGET },
  { from: "src/feeds/okx.ts", to: "src/redis/keys.ts" },
  { from: "src/redis/keys.ts", to: "src/feeds/okx.ts" },
  { from: "src/redis/keys.ts", to: "src/summary/summary.ts" },
  { from: "src/http/problem.ts", to: "src/redis/command.ts" },
  { from: "src/summary/summaries.ts", to: "src/history/history.ts" },
  { from: "src/summary/routes.ts", to: "ioredis" },
  { from: "src/history/reader.ts", to: "src/track_record/reader.ts" },
  { from: "src/refresh/refresh.ts", to: "src/notifications/notifier.ts" },
  { from: "src/notifications/send.ts", to: "src/refresh/refresh.ts" },
  { from: "src/notifications/send.ts", to: "hono" },
  { from: "src/refresh/refresh.ts", to: "src/app.ts" },
  { from: "src/summary/routes.ts", to: "src/web/routes.ts" },
  { from: "src/observe/metrics.ts", to: "src/redis/keys.ts" },
  { from: "src/http/serve.ts", to: "src/web/routes.ts" },
  { from: "src/config.ts", to: "src/feeds/mod.ts" },
  { from: "src/log.ts", to: "src/http/problem.ts" },
  { from: "src/app.ts", to: "src/service.ts" },
  { from: "src/app.ts", to: "dev/redis/mod.ts" },
  { from: "src/service.ts", to: "tests/helpers/app.ts" },
  { from: "src/service.ts", to: "tutorial/6_service.ts" },
  { from: "main.ts", to: "src/summary/summaries.ts" },
  { from: "dev/redis/server.ts", to: "src/redis/keys.ts" },
  { from: "dev/main.ts", to: "tests/helpers/feeds.ts" },
  { from: "src/new_room/file.ts", to: "src/samples/sample.ts" },
])("findViolations() reports that $from imports $to", TIME_LIMIT, ({ from, to }) => {
  const local = to.endsWith(".ts");
  const violation = { from, to, local, isType: false };
  assertEquals(findViolations([violation]), [`${from} imports ${to}`]);
});

Deno.test("findImpure() reports a parser, and lets types pass", TIME_LIMIT, () => {
  const parser = { from: "src/summary/summary.ts", to: "zod/mini", local: false, isType: false };
  assertEquals(findImpure([parser]), ["src/summary/summary.ts computes, and imports zod/mini"]);
  assertEquals(findImpure([{ ...parser, isType: true }]), []);
});

Deno.test("EFFECTS finds clocks, timers, randomness and the network", TIME_LIMIT, () => {
  for (const text of ["Date.now()", "performance.now()", "Math.random()", "setTimeout(f)"]) {
    assert(EFFECTS.test(`const a = ${text};`), text);
  }
  assert(!EFFECTS.test("const date = new Date(time).toISOString();"));
});

Deno.test("findCycle() finds a cycle of any length, but not of types", TIME_LIMIT, () => {
  const link = (from: string, to: string) => ({ from, to, local: true, isType: false });
  const chain = ["a", "b", "c", "d"].map((from, i, all) => link(from, all[i + 1] ?? "e"));
  assertEquals(findCycle(chain), undefined);
  assertEquals(findCycle([...chain, link("d", "b")]), ["b", "c", "d", "b"]);
  assertEquals(findCycle([link("a", "a")]), ["a", "a"]);
  assertEquals(findCycle([...chain, { ...link("d", "b"), isType: true }]), undefined);
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
import { type M } from "m";
/** @import { N } from "n" */
const o = { from: "o" }; // from "o"
`;
  const found = findSpecifiers(text);
  assertEquals(found.map(({ specifier }) => specifier).join(""), "abcefghijklmn");
  assertEquals(found.filter(({ isType }) => isType).map(({ specifier }) => specifier), [
    "b",
    "m",
    "n",
  ]);
  assertEquals(findSpecifiers("await import(name)"), [
    { specifier: UNKNOWN_TARGET, isType: false },
  ]);
});
