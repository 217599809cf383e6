import { assertEquals, assertStringIncludes } from "@std/assert";
import type { SourceHealth } from "../../src/refresh/wire.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { Tally } from "../../src/observe/tally.ts";
import { startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 10_000 };
const REQUEST = { method: "GET", route: "/is-bitcoin-lit", status: 200, seconds: 0.0007 };

/** Metrics of a service that the test describes. */
function setUp() {
  const tally = new Tally();
  const state = {
    age: undefined as number | undefined,
    streams: 0,
    reads: { near: 0, cache: 0 },
    leftOut: { price: 0, sentiment: 0 },
    sources: [] as SourceHealth[],
    degraded: undefined as boolean | undefined,
    delay: 0,
    lastTick: NaN,
  };
  const metrics = createMetrics({
    tally,
    newestSampleAge: () => state.age,
    openStreams: () => state.streams,
    readsByLayer: () => state.reads,
    leftOutByMetric: () => state.leftOut,
    sources: () => Promise.resolve(state.sources),
    degraded: () => Promise.resolve(state.degraded),
    lastTick: () => Promise.resolve(state.lastTick),
    eventLoopDelay: () => state.delay,
  });
  /** The values of one metric by their labels. */
  async function read(name: string): Promise<Record<string, number>> {
    const text = await metrics.render();
    const lines = [
      ...text.matchAll(new RegExp(`^is_bitcoin_lit_${name}(\\{.*\\})? (\\S+)$`, "gm")),
    ];
    return Object.fromEntries(lines.map(([, labels = "", value]) => [labels, Number(value)]));
  }
  return { metrics, read, state, tally };
}

Deno.test(
  "createMetrics() counts requests by route, in cumulative buckets",
  TIME_LIMIT,
  async () => {
    const { metrics, read, tally } = setUp();
    for (const seconds of [0.0007, 0.0007, 60]) tally.countRequest({ ...REQUEST, seconds });
    tally.countRequest({ ...REQUEST, method: "POST" });
    tally.countRequest({ ...REQUEST, status: 304 });
    const text = await metrics.render();
    assertStringIncludes(metrics.contentType, "text/plain; version=0.0.4");
    const name = "is_bitcoin_lit_http_request_duration_seconds";
    const labels = 'method="GET",route="/is-bitcoin-lit",status="200"';
    assertStringIncludes(text, `# TYPE ${name} histogram`);
    const buckets = await read("http_request_duration_seconds_bucket");
    const of = (le: string) => buckets[`{le="${le}",${labels}}`];
    assertEquals(["0.0005", "0.001", "10", "+Inf"].map(of), [0, 2, 2, 3]);
    assertStringIncludes(text, `${name}_sum{${labels}} 60.0014`);
    assertEquals(await read("http_request_duration_seconds_count"), {
      [`{${labels}}`]: 3,
      '{method="GET",route="/is-bitcoin-lit",status="304"}': 1,
      '{method="POST",route="/is-bitcoin-lit",status="200"}': 1,
    });
  },
);

Deno.test(
  "createMetrics() counts refreshes, samples, failures and deliveries",
  TIME_LIMIT,
  async () => {
    const { read, tally } = setUp();
    tally.countRefresh({ outcome: "feed-timeout", failedSources: ["okx"] });
    tally.countRefresh({ outcome: "ok", samples: { stored: 4, duplicate: 6, rejected: 0 } });
    tally.countRefresh({ outcome: "ok", samples: { stored: 1, duplicate: 6, rejected: 0 } });
    tally.countWebhook("delivered");
    const twice = [await read("refreshes_total"), await read("refreshes_total")];
    const refreshes = { '{outcome="feed-timeout"}': 1, '{outcome="ok"}': 2 };
    assertEquals(twice, [refreshes, refreshes]);
    assertEquals(await read("refresh_samples_total"), {
      '{fate="stored"}': 5,
      '{fate="duplicate"}': 12,
      '{fate="rejected"}': 0,
    });
    assertEquals(await read("source_failures_total"), { '{source="okx"}': 1 });
    assertEquals(await read("webhooks_total"), { '{outcome="delivered"}': 1 });
  },
);

Deno.test("createMetrics() reads the service whenever it is rendered", TIME_LIMIT, async () => {
  const { metrics, read, state } = setUp();
  assertStringIncludes(await metrics.render(), "is_bitcoin_lit_newest_sample_age_seconds Nan");
  Object.assign(state, { age: 12.5, streams: 3, reads: { near: 7, cache: 2 }, delay: 0.25 });
  state.leftOut.price = 4;
  state.lastTick = 1_500;
  for (let renders = 0; renders < 2; renders++) {
    assertEquals(await read("newest_sample_age_seconds"), { "": 12.5 });
    assertEquals(await read("event_streams"), { "": 3 });
    assertEquals(await read("event_loop_delay_seconds"), { "": 0.25 });
    assertEquals(await read("last_tick_timestamp_seconds"), { "": 1.5 });
    assertEquals(await read("reads_total"), { '{layer="near"}': 7, '{layer="cache"}': 2 });
    const leftOut = { '{metric="price"}': 4, '{metric="sentiment"}': 0 };
    assertEquals(await read("values_left_out_total"), leftOut);
  }
});

Deno.test(
  "createMetrics() says when each source last answered, and forgets removed sources",
  TIME_LIMIT,
  async () => {
    const { read, state } = setUp();
    const name = "source_last_success_timestamp_seconds";
    assertEquals(await read(name), {});
    state.sources = [
      { source: "kraken", last_success: "2021-07-07T12:30:00.500Z" },
      { source: "okx", last_success: null, failure: "too slow" },
    ];
    assertEquals(await read(name), { '{source="kraken"}': 1_625_661_000.5, '{source="okx"}': 0 });
    state.sources = [{ source: "senticrypt", last_success: "1970-01-01T00:00:01.000Z" }];
    assertEquals(await read(name), { '{source="senticrypt"}': 1 });
  },
);

Deno.test("createMetrics() says whether the answer is degraded", TIME_LIMIT, async () => {
  const { metrics, read, state } = setUp();
  assertStringIncludes(await metrics.render(), "is_bitcoin_lit_degraded Nan");
  state.degraded = true;
  assertEquals(await read("degraded"), { "": 1 });
  state.degraded = false;
  assertEquals(await read("degraded"), { "": 0 });
});

Deno.test("GET /metrics counts what the service did", TIME_LIMIT, async () => {
  await using service = await startService();
  await service.request("/is-bitcoin-lit");
  await service.request("/lit");
  const response = await service.request("/metrics");
  assertStringIncludes(response.headers.get("content-type") ?? "", "text/plain; version=0.0.4");
  const text = await response.text();
  for (
    const line of [
      'http_request_duration_seconds_count{method="GET",route="/is-bitcoin-lit",status="200"} 1',
      'http_request_duration_seconds_count{method="GET",route="unmatched",status="404"} 1',
      'refreshes_total{outcome="ok"} 1',
      'refresh_samples_total{fate="stored"} 6',
      'reads_total{layer="series"} 0',
      'source_last_success_timestamp_seconds{source="test"} 1625661000',
      "newest_sample_age_seconds 0",
      "degraded 0",
      "event_streams 0",
    ]
  ) {
    assertStringIncludes(text, `is_bitcoin_lit_${line}\n`);
  }
});
