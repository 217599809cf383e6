import { assert, assertEquals } from "@std/assert";

const TIME_LIMIT = { timeout: 60_000 };

const SCRIPT = `
import { createLog } from "./src/log.ts";
const [level, entries, columns] = JSON.parse(Deno.args[0]);
const log = createLog(level, columns ?? undefined);
for (const [level, message, fields] of entries) log[level](message, fields);
const cause = Object.assign(new Error("connect to redis://:hunter2@host"), { args: ["hunter2"] });
log.error("broke", { error: new TypeError("no", { cause }) });
`;

type Entry = readonly [level: string, message: string, fields?: Record<string, unknown>];

/** Logs in a process of its own, as a log takes the console of its process. */
async function log(level: string, entries: readonly Entry[]) {
  return (await logText(level, entries)).map((line) => JSON.parse(line));
}

/** Logs to a file, or to a terminal of so many columns. */
async function logText(
  level: string,
  entries: readonly Entry[],
  columns?: number,
  env?: Record<string, string>,
) {
  return await run(SCRIPT, [JSON.stringify([level, entries, columns])], env);
}

async function run(
  script: string,
  args: string[] = [],
  env: Record<string, string> = { NO_COLOR: "1" },
): Promise<string[]> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", script, ...args],
    cwd: new URL("../", import.meta.url),
    env,
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return text.trim().split("\n");
}

/** Runs code that logs, in a process of its own. */
async function evaluate(code: string) {
  const script = `import { createLog } from "./src/log.ts"; const log = createLog("info");`;
  return (await run(`${script}${code}`)).map((line) => JSON.parse(line));
}

const LEVELS = ["debug", "info", "warn", "error"] as const;

Deno.test.each(LEVELS)("createLog() leaves out what is below %s", TIME_LIMIT, async (level) => {
  const lines = await log(level, LEVELS.map((name) => [name, name]));
  const messages = lines.map(({ message }) => message).toSorted();
  assertEquals(messages, [...LEVELS.slice(LEVELS.indexOf(level)), "broke"].toSorted());
});

Deno.test("createLog() writes JSON lines with fields", TIME_LIMIT, async () => {
  const [line, ...others] = await log("info", [["info", "happened", { stored: 2, at: null }]]);
  assertEquals([line.level, line.message, others.length], ["INFO", "happened", 1]);
  assertEquals(line.properties, { stored: 2, at: null });
  assert(!Number.isNaN(Date.parse(line["@timestamp"])));
});

Deno.test("createLog() hides what is secret in URLs, wherever they stand", TIME_LIMIT, async () => {
  const texts = [
    ["redis://user:hunter2@host:1", "redis://***@host:1"],
    ["redis://:hunter2@host,redis://:hunter2@b", "redis://***@host,redis://***@b"],
    ["http://host/path?api_key=hunter2", "http://host/path?***"],
    ["http://u:hunter2@host/?k=hunter2#hunter2", "http://***@host/?***"],
    [
      "error sending request for url (http://host/p?k=hunter2): refused",
      "error sending request for url (http://host/p?***): refused",
    ],
    ["(http://host/?k=a)hunter2)", "(http://host/?***)"],
    ["http://host/?k=a'hunter2", "http://host/?***"],
    ['"http://host/?k=hunter2", "next"', '"http://host/?***", "next"'],
    ["http://a/?hunter2 http://b/?hunter2", "http://a/?*** http://b/?***"],
    ["what? nothing is secret", "what? nothing is secret"],
  ];
  const entries = texts.flatMap(([text]): Entry[] => [
    ["warn", "text", { text }],
    ["warn", "nested", { sources: [{ message: text }] }],
  ]);
  const lines = await log("info", entries);
  assertEquals(lines.filter((line) => JSON.stringify(line).includes("hunter")), []);
  for (const [i, [, hidden]] of texts.entries()) {
    assertEquals(lines[2 * i].properties, { text: hidden });
    assertEquals(lines[2 * i + 1].properties, { sources: [{ message: hidden }] });
  }
});

Deno.test("createLog() says which event it can't write", TIME_LIMIT, async () => {
  const [line, ...others] = await evaluate(`
    log.info("happened", { get odd() { throw undefined; } });
  `);
  assertEquals([line.message, line.properties.event], ["an event can't be logged", "happened"]);
  assertEquals(others, []);
});

Deno.test(
  "createLog() describes errors and their causes, without other fields",
  TIME_LIMIT,
  async () => {
    const [broke] = await log("info", []);
    const { stack: _, ...properties } = broke.properties;
    const expected = "TypeError: no; cause: Error: connect to redis://***@host";
    assertEquals(properties, { error: expected });
  },
);

Deno.test("createLog() describes a cause that is a text", TIME_LIMIT, async () => {
  const lines = await evaluate(`
    const error = new Error("no", { cause: "refused by redis://:hunter2@host" });
    log.warn("happened", { error: new TypeError("broke", { cause: error }) });
    log.warn("happened", { error: new Error("no", { cause: undefined }) });
  `);
  assertEquals(lines.map(({ properties }) => properties.error), [
    "TypeError: broke; cause: Error: no; cause: refused by redis://***@host",
    "Error: no",
  ]);
});

Deno.test(
  "createLog() adds the stack of an error at the level error, without its text",
  TIME_LIMIT,
  async () => {
    const lines = await evaluate(`
      const error = new RangeError("x".repeat(1_000_000));
      log.warn("expected", { error });
      log.error("unexpected", { error });
      log.error("no error", { error: "text" });
    `);
    const [expected, unexpected, text] = lines.map(({ properties }) => properties);
    assertEquals(Object.keys(expected), ["error"]);
    assertEquals(expected.error, `RangeError: ${"x".repeat(487)}…`);
    assertEquals(unexpected.error, expected.error);
    assert(unexpected.stack.length > 0, "no stack");
    assert(unexpected.stack.every((line: string) => /^at .{3,200}$/.test(line)), unexpected.stack);
    assertEquals(text, { error: "text" });
  },
);

Deno.test(
  "createLog() writes a short line, however long, deep or odd what it is given",
  TIME_LIMIT,
  async () => {
    const lines = await evaluate(`
      const circle = { list: [] };
      circle.list.push(circle);
      const chain = new Error("a");
      chain.cause = chain;
      let deep = [];
      for (let i = 0; i < 20_000; i++) deep = [deep];
      const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => ["k" + i, i]));
      const odd = [1n, undefined, null, NaN, Symbol("s"), () => 1, new Map([[1, 2]])];
      const cause = new Error("c".repeat(1_000_000));
      const long = new Error("m".repeat(400), { cause });
      const slashes = "/".repeat(2_000_000);
      const list = Array(10_000).fill("x".repeat(100));
      for (const value of [circle, chain, deep, wide, odd, long, slashes, list]) {
        log.error(slashes, { value, nested: { value }, error: value });
      }
    `);
    assertEquals(lines.length, 8);
    for (const line of lines) {
      assert(JSON.stringify(line).length < 10_000, line.message);
      assertEquals(line.message.length, 500);
    }
  },
);

Deno.test("createLog() hides a secret in a URL that it cuts off", TIME_LIMIT, async () => {
  const entries: Entry[] = [];
  for (let blanks = 460; blanks < 500; blanks++) {
    const before = " ".repeat(blanks);
    for (const url of ["redis://me:hunter2hunter2@host", "http://host/path?key=hunter2hunter2"]) {
      const text = `${before}${url}${"x".repeat(100)}`;
      entries.push(["warn", "text", { text }]);
    }
  }
  const lines = await log("info", entries);
  assertEquals(lines.length, entries.length + 1);
  for (const line of lines) assertEquals(JSON.stringify(line).includes("hunt"), false, line);
});

Deno.test("createLog() writes short text for people in a terminal", TIME_LIMIT, async () => {
  const fields = { at: "2021-07-07T17:30:18.370Z", url: "redis://user:hunter2@host:1", lost: 0 };
  const entries: Entry[] = ["info", "warn"].map((level) => [level, "happened", fields]);
  const lines = await logText("info", entries, 40);
  assertEquals(lines.map((line) => line.replace(/^\d{2}:\d{2}:\d{2} | stack=.*/g, "")), [
    "info  happened at=17:30:18Z ur…",
    "warn  happened at=17:30:18Z url=redis://***@host:1",
    "error broke error=TypeError: no; cause: Error: connect to redis://***@host",
  ]);
  assertEquals(lines[0]?.length, 40);
});

Deno.test("createLog() colours levels and dims fields in a terminal", TIME_LIMIT, async () => {
  const entries = LEVELS.map((level): Entry => [level, "happened", { stored: 2 }]);
  const lines = await logText("debug", entries, 80, { NO_COLOR: "" });
  const found = lines.map((line) => line.replace(/\d{2}:\d{2}:\d{2}/, "TIME"));
  for (const [name, colour] of [["debug", 35], ["info ", 32], ["warn ", 33], ["error", 31]]) {
    const label = `\x1b[${colour}m${name}\x1b[0m`;
    const line = `\x1b[90mTIME\x1b[0m ${label} happened\x1b[90m stored=2\x1b[0m`;
    assertEquals(found.includes(line), true, `${name}: ${found.join("\n")}`);
  }
});

Deno.test(
  "createLog() writes four levels of a field, 20 parts and five causes",
  TIME_LIMIT,
  async () => {
    const lines = await evaluate(`
    log.warn("deep", { a: { b: { c: { d: { e: {} } } } } });
    log.warn("wide", { list: Array.from({ length: 21 }, (_, i) => i) });
    log.warn("many", { fields: Object.fromEntries(Array.from({ length: 21 }, (_, i) => ["f" + i, i])) });
    const chain = ["e", "d", "c", "b", "a", "0"].reduceRight(
      (cause, name) => new Error(name, { cause }), undefined);
    log.warn("caused", { error: chain });
  `);
    const [deep, wide, many, caused] = lines.map(({ properties }) => properties);
    assertEquals(deep, { a: { b: { c: { d: { e: "…" } } } } });
    assertEquals(wide, { list: Array.from({ length: 20 }, (_, i) => i) });
    assertEquals(Object.keys(many.fields).length, 20);
    assertEquals(
      caused.error,
      ["e", "d", "c", "b", "a"].map((it) => `Error: ${it}`).join("; cause: "),
    );
  },
);

Deno.test("createLog() names its logger and the moment", TIME_LIMIT, async () => {
  const [line] = await evaluate(`log.info("happened");`);
  assertEquals(Object.keys(line), ["@timestamp", "level", "message", "logger", "properties"]);
  assertEquals([line.logger, line.properties], ["is-bitcoin-lit", {}]);
});
