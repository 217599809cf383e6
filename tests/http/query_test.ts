import { assertEquals } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each([
  { path: "/history?Hours=1", known: "hours" },
  { path: "/history?hours[]=24", known: "hours" },
  { path: "/history?hour=24", known: "hours" },
  { path: "/history?HOURS_=24", known: "hours" },
  { path: "/history?hourss=1", known: "hours" },
  { path: "/history?buckett=5m", known: "bucket" },
  { path: "/history?buccket=5m", known: "bucket" },
  { path: "/history?buket=5m", known: "bucket" },
  { path: "/history?bucked=5m", known: "bucket" },
  { path: "/history?ucket=5m", known: "bucket" },
  { path: "/history?uckets=5m", known: "bucket" },
  { path: "/history.csv?buckets=5m", known: "bucket" },
  { path: "/history?From=1", known: "from" },
  { path: "/track-record?day=7", known: "days" },
  { path: "/track-record?days=7&Fee=1", known: "fee" },
])("$path is answered 400 and names $known", TIME_LIMIT, async ({ path, known }) => {
  const response = await createTestApp().request(path);
  assertEquals(response.status, 400);
  const { type, detail } = await readProblem(response);
  assertEquals(type, "/docs/problems#invalid-request");
  assertEquals(detail.endsWith(`is no parameter: write ${known}`), true, detail);
});

Deno.test.each([
  { query: "_=1732795200" },
  { query: "=1" },
  { query: "utm_source=a&fbclid=b" },
  { query: "v=2" },
  { query: "form=1" },
  { query: "fro=1" },
  { query: "bxcxet=5m" },
  { query: "bucketed=5m" },
  { query: "constructor=1" },
  { query: `${"x".repeat(1_500)}=1` },
])("/history?$query is answered as if without it", TIME_LIMIT, async ({ query }) => {
  const response = await createTestApp().request(`/history?${query}`);
  await response.body?.cancel();
  assertEquals(response.status, 200);
});

Deno.test("a refusal shows 100 characters of a value, and of a name", TIME_LIMIT, async () => {
  const { request } = createTestApp();
  const readDetail = async (query: string) =>
    (await readProblem(await request(`/history?${query}`))).detail;
  assertEquals(
    await readDetail(`hours=${"9".repeat(150)}`),
    `hours must be an integer from 1 to 720, is "${"9".repeat(100)}"`,
  );
  assertEquals(
    await readDetail(`hours${"_".repeat(150)}=1`),
    `"hours${"_".repeat(95)}" is no parameter: write hours`,
  );
});
