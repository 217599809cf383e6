import { assertEquals, assertNotEquals } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { createTestApp } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** An app whose store is away, and a function that returns the request id of an answer. */
function setUp(error: Error = new StoreError("redis is away")) {
  const test = createTestApp();
  test.answers.summary = () => Promise.reject(error);
  test.answers.report = () => Promise.reject(error);
  async function ask(path: string, init?: RequestInit): Promise<string> {
    return (await readProblem(await test.request(path, init))).request_id;
  }
  return { ...test, ask };
}

Deno.test("a problem of the service leaves a line with its request id", TIME_LIMIT, async () => {
  const { ask, log } = setUp();
  const id = await ask("/refresh", { method: "POST" });
  const lines = log.lines.filter(({ level }) => level === "warn");
  assertEquals(lines.map(({ fields }) => [fields.request_id, fields.problem, fields.path]), [
    [id, "store-unavailable", "/refresh"],
  ]);
});

Deno.test("equal problems within a second share one line and its id", TIME_LIMIT, async () => {
  const { ask, log, answers } = setUp();
  const ids = [await ask("/is-bitcoin-lit"), await ask("/lit.txt"), await ask("/is-bitcoin-lit")];
  assertEquals(new Set(ids).size, 1);
  answers.now += 1_000;
  const later = await ask("/is-bitcoin-lit");
  assertNotEquals(later, ids[0]);
  answers.summary = () => Promise.reject(new StoreError("redis is too slow"));
  const other = await ask("/is-bitcoin-lit");
  const lines = log.lines.filter(({ level }) => level === "warn").map(({ fields }) => fields);
  assertEquals(lines.map(({ request_id }) => request_id), [ids[0], later, other]);
  assertEquals(lines.map(({ answers_of_last_line }) => answers_of_last_line), [
    undefined,
    3,
    undefined,
  ]);
});

Deno.test(
  "32 kinds of problems are told apart, the one used last among them",
  TIME_LIMIT,
  async () => {
    const { ask, answers } = setUp();
    const askOf = (kind: number) => {
      answers.summary = () => Promise.reject(new StoreError(`fault ${kind}`));
      return ask("/is-bitcoin-lit");
    };
    const ids: string[] = [];
    for (let kind = 0; kind < 32; kind++) ids.push(await askOf(kind));
    assertEquals(await askOf(0), ids[0]);
    await askOf(32);
    assertEquals(await askOf(0), ids[0]);
    assertNotEquals(await askOf(1), ids[1]);
  },
);

Deno.test("an internal error leaves one line each", TIME_LIMIT, async () => {
  const { ask, log } = setUp(new TypeError("unforeseen"));
  const ids = [await ask("/is-bitcoin-lit"), await ask("/is-bitcoin-lit")];
  assertEquals(new Set(ids).size, 2);
  const lines = log.lines.filter(({ level }) => level === "error");
  assertEquals(lines.map(({ fields }) => fields.request_id), ids);
});

Deno.test("a fault of the client is logged at debug only", TIME_LIMIT, async () => {
  const { ask, log } = setUp();
  const ids = [
    await ask("/history?hours=0"),
    await ask("/nothing"),
    await ask("/healthz", { headers: { host: "a/b" } }),
  ];
  const lines = log.lines.map(({ level, message, fields }) => [level, message, fields.request_id]);
  assertEquals(lines, ids.map((id) => ["debug", "request refused", id]));
  assertEquals(log.lines.map(({ fields }) => [fields.problem, fields.method, fields.path]), [
    ["invalid-request", "GET", "/history"],
    ["not-found", "GET", "/nothing"],
    ["invalid-request", "GET", undefined],
  ]);
});
