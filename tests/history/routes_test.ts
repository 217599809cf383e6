import { assertEquals, assertStringIncludes } from "@std/assert";
import { keysBelow } from "../../src/redis/keys.ts";
import { createTestApp, HISTORY } from "../helpers/app.ts";
import { readProblem } from "../helpers/problems.ts";
import { startService } from "../helpers/started_service.ts";

const NOON = Date.UTC(2021, 6, 7, 12);
const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each([
  { query: "", hours: 24, bucketMs: 300_000 },
  { query: "?hours=48&bucket=1h", hours: 48, bucketMs: 3_600_000 },
  { query: "?hours=1&bucket=2s", hours: 1, bucketMs: 2_000 },
  { query: "?hours=24&bucket=44s", hours: 24, bucketMs: 44_000 },
  { query: "?hours=720&bucket=30d", hours: 720, bucketMs: 30 * 86_400_000 },
  { query: "?hours=166", hours: 166, bucketMs: 300_000 },
  { query: "?hours=167", hours: 167, bucketMs: 900_000 },
  { query: "?hours=720", hours: 720, bucketMs: 1_800_000 },
  { query: "?from=1625659200", from: NOON, bucketMs: undefined },
  { query: "?from=1625659200&bucket=1h", from: NOON, bucketMs: 3_600_000 },
  { query: "?from=0&to=600000", from: 0, to: 600_000_000, bucketMs: 300_000 },
  { query: "?from=0&to=600001", from: 0, to: 600_001_000, bucketMs: 900_000 },
  { query: "?from=0&to=7200001", from: 0, to: 7_200_001_000, bucketMs: 7_200_000 },
  { query: "?from=0&to=14400000", from: 0, to: 14_400_000_000, bucketMs: 7_200_000 },
  { query: "?from=0&to=14400001", from: 0, to: 14_400_001_000, bucketMs: 21_600_000 },
  { query: "?from=0&to=43200000", from: 0, to: 43_200_000_000, bucketMs: 21_600_000 },
  { query: "?from=0&to=43200001", from: 0, to: 43_200_001_000, bucketMs: 86_400_000 },
  { query: "?from=1&to=600001", from: 1_000, to: 600_001_000, bucketMs: 900_000 },
  {
    query: "?from=0&to=99999999999&bucket=1000d",
    from: 0,
    to: 99_999_999_999_000,
    bucketMs: 1_000 * 86_400_000,
  },
  {
    query: "?from=2021-07-07T12:00:00Z&to=2021-07-07T13:00:00.5Z",
    from: NOON,
    to: NOON + 3_600_500,
    bucketMs: 300_000,
  },
  { query: "?from=2021-07-07t14:00:00%2B02:00", from: NOON, bucketMs: undefined },
  { query: "?from=2021-07-07T14:00:00+02:00", from: NOON, bucketMs: undefined },
  { query: "?from=2021-07-07T07:30:00-04:30", from: NOON, bucketMs: undefined },
  { query: "?from=1960-01-01T00:00:00Z", from: 0, bucketMs: undefined },
  {
    query: "?from=1969-12-31T23:59:00Z&to=1970-01-01T00:10:00Z",
    from: 0,
    to: 600_000,
    bucketMs: 300_000,
  },
  {
    query: "?from=1960-01-01T00:00:00Z&to=1961-01-01T00:00:00Z",
    from: 0,
    to: 0,
    bucketMs: 300_000,
  },
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
  { query: "from=0&to=86400&bucket=0s", detail: 'or 1h, is "0s"' },
  { query: "bucket=-5m", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=1w", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "bucket=5M", detail: "bucket must be a duration such as 30s, 5m or 1h" },
  { query: "hours=24&from=0", detail: 'hours must be absent together with from, is "24"' },
  { query: "to=1625659200", detail: 'to must come with from, is "1625659200"' },
  { query: "from=10&to=10", detail: 'to must be later than from, is "10"' },
  { query: "from=10&to=9", detail: "to must be later than from" },
  { query: "from=1625659200000", detail: "from must be Unix time in seconds, at most 11 digits" },
  { query: "from=0&to=1625659200000", detail: "to must be Unix time in seconds" },
  {
    query: "from=",
    detail: "from must be an RFC 3339 time such as 2026-01-31T12:00:00Z, or Unix time in seconds",
  },
  { query: "from=2021-07-07", detail: "from must be an RFC 3339 time" },
  { query: "from=2021-07-07T12:00:00", detail: "from must be an RFC 3339 time" },
  { query: "from=2021-02-30T12:00:00Z", detail: "from must be an RFC 3339 time" },
  { query: "from=2021-13-01T12:00:00Z", detail: "from must be an RFC 3339 time" },
  { query: "from=2021-07-07T24:00:00Z", detail: "from must be an RFC 3339 time" },
  { query: "from=-1", detail: "from must be an RFC 3339 time" },
  { query: "from=45.2", detail: "from must be an RFC 3339 time" },
  { query: "from=now", detail: "from must be an RFC 3339 time" },
  { query: "from=1&from=2", detail: 'from must be given once, is "1, 2"' },
  {
    query: "from=0&to=86400&bucket=43s",
    detail: 'bucket must be at least 44s for this span, is "43s"',
  },
  { query: "from=0&to=172800001", detail: 'bucket must be at least 86401s for this span, is ""' },
  { query: "from=0&bucket=1w", detail: "bucket must be a duration such as 30s, 5m or 1h" },
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

Deno.test.each(
  [1, 3, 7, 24, 100, 720].map((hours) => ({ hours })),
)(
  "GET /history?hours=$hours takes the lowest bucket that it names",
  TIME_LIMIT,
  async ({ hours }) => {
    const { request } = createTestApp();
    const ask = (seconds: number) => request(`/history?hours=${hours}&bucket=${seconds}s`);
    const { detail } = await readProblem(await ask(1));
    const lowest = Number(/ from (\d+)s to /.exec(detail)?.[1]);
    assertEquals([(await ask(lowest)).status, (await ask(lowest - 1)).status], [200, 400]);
  },
);

Deno.test(
  "GET /history?from= and /history.csv?from= answer what lies between two times",
  TIME_LIMIT,
  async () => {
    await using service = await startService();
    const query = "from=2021-07-07T11:00:00Z&to=1625659200&bucket=1h";
    const { points } = await (await service.request(`/history?${query}`)).json();
    assertEquals(points, [{ time: "2021-07-07T11:00:00.000Z", price: 34_499, sentiment: 0.5 }]);
    const csv = await (await service.request(`/history.csv?${query}`)).text();
    assertEquals(csv.split("\r\n"), [
      "time,price,sentiment",
      "2021-07-07T11:00:00.000Z,34499,0.5",
      "",
    ]);
    const open = await (await service.request("/history?from=2021-07-07T11:30:00Z")).json();
    assertEquals(open.points.map(({ time }: { time: string }) => time), [
      "2021-07-07T11:30:00.000Z",
      "2021-07-07T12:30:00.000Z",
    ]);
  },
);

Deno.test("GET /history.csv answers rows for spreadsheets", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/history.csv");
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("content-type"), "text/csv; charset=utf-8; header=present");
  assertEquals(response.headers.get("content-disposition"), 'inline; filename="history.csv"');
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
    assertEquals(
      response.headers.get("cache-control"),
      "public, max-age=1, stale-while-revalidate=5, stale-if-error=60",
    );
  }
});

Deno.test(
  "GET /history reads again what it read before the store went back",
  TIME_LIMIT,
  async () => {
    await using service = await startService();
    const { redis: { client, prefix }, clock, config } = service;
    const keys = keysBelow(prefix, config.feed);
    const countPoints = async () =>
      (await (await service.request("/history")).json()).points.length;
    const before = await countPoints();
    const revision = await client.get(keys.revision);
    // The store goes back, and comes to the same revision with other samples.
    for (const value of [1, Number(revision)]) {
      await client.set(keys.revision, value);
      clock.advance(5_000);
      await service.request("/is-bitcoin-lit");
    }
    await client.call("TS.ADD", keys.series.price, NOON - 5 * 3_600_000, 1);
    assertEquals(await countPoints(), before + 1);
  },
);

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
