import { assertEquals } from "@std/assert";
import { StoreError } from "../../src/redis/command.ts";
import { renderBadge } from "../../src/summary/badge.ts";
import { NoDataError } from "../../src/summary/load.ts";
import { createTestApp, STALE_AFTER_MS } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";
import { FALLING_SUMMARY } from "../helpers/samples.ts";

const TIME_LIMIT = { timeout: 10_000 };
const BADGES = ["/badge.svg", "/badge.json"];

/** An app whose answer is in a state. */
function setUp(state: "lit" | "unlit" | "stale") {
  const test = createTestApp();
  if (state === "unlit") test.answers.summary = () => ({ revision: 8, ...FALLING_SUMMARY });
  if (state === "stale") test.answers.now += STALE_AFTER_MS + 1;
  return test;
}

Deno.test.each(
  [
    { state: "lit", word: "yes\n", message: "lit", color: "orange" },
    { state: "unlit", word: "no\n", message: "not lit", color: "blue" },
    { state: "stale", word: "unknown\n", message: "unknown", color: "lightgrey" },
  ] as const,
)("GET /lit.txt and the badges say $message when $state", TIME_LIMIT, async (row) => {
  const { state, word, message, color } = row;
  const { request } = setUp(state);
  assertEquals(await (await request("/lit.txt")).text(), word);
  const json = await (await request("/badge.json")).json();
  assertEquals(json, { schemaVersion: 1, label: "bitcoin", message, color });
  assertEquals(await (await request("/badge.svg")).text(), renderBadge(state));
});

Deno.test("a badge that says unknown is not cached, the word is", TIME_LIMIT, async () => {
  const { request } = setUp("stale");
  for (const path of BADGES) {
    const { headers, body } = await request(path);
    await body?.cancel();
    assertEquals(headers.get("cache-control"), "no-store", path);
  }
  const { headers } = await request("/lit.txt");
  const cached = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3594";
  assertEquals(headers.get("cache-control"), cached);
});

Deno.test.each([
  { error: new NoDataError("none"), name: "no-data" },
  { error: new StoreError("away"), name: "store-unavailable" },
])(
  "GET /lit.txt is the problem $name, and a badge is grey",
  TIME_LIMIT,
  async ({ error, name }) => {
    const { request, answers } = createTestApp();
    answers.summary = () => Promise.reject(error);
    for (const path of BADGES) {
      const response = await request(path);
      assertEquals(
        [response.status, response.headers.get("cache-control")],
        [200, "no-store"],
        path,
      );
      assertEquals((await response.text()).includes("unknown"), true, path);
    }
    const problem = await readProblem(await request("/lit.txt"));
    assertEquals(problem.type, `/docs/problems#${name}`);
  },
);

Deno.test("a badge is no answer to what was not foreseen", TIME_LIMIT, async () => {
  const { request, answers } = createTestApp();
  answers.summary = () => Promise.reject(new TypeError("a bug"));
  for (const path of BADGES) {
    assertEquals((await readProblem(await request(path))).type, "/docs/problems#internal", path);
  }
});
