import { assertEquals, assertStringIncludes } from "@std/assert";
import { createTestApp, HISTORY } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";
import { startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 10_000 };

Deno.test.each([
  { query: "", hours: 24, bucketMs: 300_000 },
  { query: "?hours=48&bucket=1h", hours: 48, bucketMs: 3_600_000 },
  { query: "?hours=1&bucket=2s", hours: 1, bucketMs: 2_000 },
  { query: "?hours=24&bucket=44s", hours: 24, bucketMs: 44_000 },
  { query: "?hours=720&bucket=30d", hours: 720, bucketMs: 30 * 86_400_000 },
  { query: "?hours=24&bucket=24h&other=1&constructor=2", hours: 24, bucketMs: 86_400_000 },
])("GET /history$query reads the span that it names", TIME_LIMIT, async ({ query, ...span }) => {
  const spans: unknown[] = [];
  const histories = {
    get(asked: unknown) {
      spans.push(asked);
      return Promise.resolve({ history: HISTORY, revision: 7 });
    },
  };
  const { request } = createTestApp({ histories });
  const response = await request(`/history${query}`);
  assertEquals([response.status, await response.json()], [200, HISTORY]);
  assertEquals(spans, [span]);
});

Deno.test.each([
  { query: "hours=0", detail: "hours must be an integer from 1 to 720" },
  { query: "hours=721", detail: "hours must be an integer from 1 to 720" },
  { query: "hours=1.5", detail: "hours must be an integer from 1 to 720" },
  { query: "hours=", detail: 'hours must be an integer from 1 to 720, is ""' },
  { query: "hours=1&hours=2", detail: 'hours must be given once, is "1, 2"' },
  { query: "bucket=5", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=0m", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=-5m", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=1w", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=5M", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=43s", detail: "from 44s to 24h for 24 hours" },
  { query: "bucket=25h", detail: "from 44s to 24h for 24 hours" },
])("GET /history?$query answers 400 and what is allowed", TIME_LIMIT, async ({ query, detail }) => {
  const { request } = createTestApp();
  for (const path of ["/history", "/history.csv"]) {
    const response = await request(`${path}?${query}`);
    assertEquals(response.status, 400);
    const problem = await readProblem(response);
    assertEquals(problem.type, "/docs/problems#invalid-request");
    assertStringIncludes(problem.detail, detail);
  }
});

Deno.test("GET /history.csv answers rows for spreadsheets", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/history.csv");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/csv; charset=utf-8; header=present");
  const rows = ["time,price,sentiment", "2021-07-07T12:30:00.000Z,34500,", ""];
  assertEquals(await response.text(), rows.join("\r\n"));
});

Deno.test("GET /history has an entity tag of its revision", TIME_LIMIT, async () => {
  await using service = await startService();
  const summary = await service.request("/is-bitcoin-lit");
  const revisionOf = ({ headers }: Response) => headers.get("etag")?.split("-")[0];
  for (const path of ["/history", "/history.csv"]) {
    const response = await service.request(path);
    assertEquals(revisionOf(response), revisionOf(summary));
    assertStringIncludes(response.headers.get("cache-control") ?? "", "max-age=1,");
  }
});

Deno.test("GET /history is encoded once per history", TIME_LIMIT, async () => {
  let encodings = 0;
  const history = {
    bucket_seconds: 300,
    get points() {
      encodings++;
      return HISTORY.points;
    },
  };
  let read = { history, revision: 7 };
  const { request } = createTestApp({ histories: { get: () => Promise.resolve(read) } });
  for (const path of ["/history", "/history.csv"]) {
    encodings = 0;
    await Promise.all([1, 2, 3].map(() => request(path)));
    assertEquals(encodings, 1, path);
  }
  read = { history, revision: 8 };
  const etag = (await request("/history")).headers.get("etag");
  assertStringIncludes(etag ?? "", '"8-');
});
