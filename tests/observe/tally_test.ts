import { assertAlmostEquals, assertEquals } from "@std/assert";
import { BUCKET_SECONDS, Tally } from "../../src/observe/tally.ts";

const TIME_LIMIT = { timeout: 60_000 };
const REQUEST = { method: "GET", route: "/", status: 200 };

/** The counts of the only kind of request that was counted. */
function countsOf(...seconds: number[]): readonly number[] {
  const tally = new Tally();
  for (const each of seconds) tally.countRequest({ ...REQUEST, seconds: each });
  return tally.requests[0]?.counts ?? [];
}

/** Counts that are 1 in one bucket, 0 in all others. */
function onlyIn(bucket: number): number[] {
  return Array.from({ length: BUCKET_SECONDS.length + 1 }, (_, i) => i === bucket ? 1 : 0);
}

Deno.test.each(BUCKET_SECONDS.map((bound, bucket) => ({ bound, bucket })))(
  "Tally.countRequest() counts a request of $bound s in the bucket that ends there",
  TIME_LIMIT,
  ({ bound, bucket }) => {
    assertEquals(countsOf(bound), onlyIn(bucket));
    assertEquals(countsOf(bound * 0.999), onlyIn(bucket));
    assertEquals(countsOf(bound * 1.001), onlyIn(bucket + 1));
  },
);

Deno.test("Tally.countRequest() counts the fastest and the slowest request", TIME_LIMIT, () => {
  assertEquals(countsOf(0), onlyIn(0));
  assertEquals(countsOf(3_600), onlyIn(BUCKET_SECONDS.length));
});

Deno.test("Tally.countRequest() adds up, apart by method, route and status", TIME_LIMIT, () => {
  const tally = new Tally();
  const requests = [
    { ...REQUEST, seconds: 0.25 },
    { ...REQUEST, seconds: 0.5 },
    { ...REQUEST, status: 304, seconds: 0.001 },
    { ...REQUEST, method: "POST", seconds: 0.002 },
    { ...REQUEST, method: "HEAD", seconds: 0.002 },
    { ...REQUEST, route: "/docs", seconds: 0.003 },
    { ...REQUEST, route: undefined, status: 404, seconds: 0.004 },
  ];
  for (const request of requests) tally.countRequest(request);
  const found = tally.requests.map(({ method, route, status, counts }) => ({
    key: `${method} ${route} ${status}`,
    total: counts.reduce((sum, count) => sum + count, 0),
  }));
  assertEquals(found, [
    { key: "GET / 200", total: 2 },
    { key: "GET / 304", total: 1 },
    { key: "POST / 200", total: 1 },
    { key: "HEAD / 200", total: 1 },
    { key: "GET /docs 200", total: 1 },
    { key: "GET unmatched 404", total: 1 },
  ]);
  assertAlmostEquals(tally.requests[0]?.seconds ?? 0, 0.75, 1e-9);
});

Deno.test("Tally.countRefresh() adds up outcomes, samples and failed sources", TIME_LIMIT, () => {
  const tally = new Tally();
  const report = { stored: 4, duplicates: 1, rejected: 0, expired: 2 };
  const failures = [{ source: "okx" }, { source: "kraken" }];
  const nameProblem = (error: unknown) => String(error);
  tally.countRefresh({ outcome: { report }, failures: [] }, nameProblem);
  tally.countRefresh({ outcome: { report: { ...report, stored: 1 } }, failures }, nameProblem);
  tally.countRefresh({ outcome: { error: "busy" }, failures: failures.slice(1) }, nameProblem);
  assertEquals(Object.fromEntries(tally.countsOf("refreshes")), { ok: 1, partial: 1, busy: 1 });
  assertEquals(Object.fromEntries(tally.countsOf("refresh_samples")), {
    stored: 5,
    duplicate: 2,
    rejected: 0,
    expired: 4,
  });
  assertEquals(Object.fromEntries(tally.countsOf("source_failures")), { okx: 1, kraken: 2 });
});

Deno.test("Tally.count() adds up each label of each counter", TIME_LIMIT, () => {
  const tally = new Tally();
  for (const outcome of ["delivered", "failed", "delivered"]) tally.count("webhooks", outcome);
  tally.count("reads", "cache", 3);
  assertEquals(Object.fromEntries(tally.countsOf("webhooks")), { delivered: 2, failed: 1 });
  assertEquals(Object.fromEntries(tally.countsOf("reads")), { cache: 3 });
  assertEquals(Object.fromEntries(tally.countsOf("unhandled_errors")), {});
});
