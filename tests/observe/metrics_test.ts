import { assertEquals, assertStringIncludes } from "@std/assert";
import { createMetrics, type MetricsSources } from "../../src/observe/metrics.ts";
import { Tally } from "../../src/observe/tally.ts";
import { VERSION } from "../../src/version.ts";
import { describeMetricsSources } from "../helpers/metrics.ts";
import { startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };
const REQUEST = { method: "GET", route: "/is-bitcoin-lit", status: 200, seconds: 0.0007 };

/** Metrics of a service that the test describes. */
function setUp(changes: Partial<MetricsSources> = {}) {
  const tally = new Tally();
  const metrics = createMetrics(describeMetricsSources({ tally, ...changes }));
  /** The values of one metric by their labels. */
  async function read(name: string): Promise<Record<string, number>> {
    const text = await metrics.render();
    const lines = [
      ...text.matchAll(new RegExp(`^is_bitcoin_lit_${name}(\\{.*\\})? (\\S+)$`, "gm")),
    ];
    return Object.fromEntries(lines.map(([, labels = "", value]) => [labels, Number(value)]));
  }
  return { metrics, read, tally };
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
    const bounds = text.matchAll(new RegExp(`_bucket{le="(.*)",${labels}}`, "g"));
    assertEquals(
      [...bounds].map(([, le]) => le).join(" "),
      "0.0005 0.001 0.0025 0.005 0.01 0.025 0.1 0.5 1 2.5 10 +Inf",
    );
    assertStringIncludes(text, `${name}_sum{${labels}} 60.0014`);
    assertEquals(await read("http_request_duration_seconds_count"), {
      [`{${labels}}`]: 3,
      '{method="GET",route="/is-bitcoin-lit",status="304"}': 1,
      '{method="POST",route="/is-bitcoin-lit",status="200"}': 1,
    });
  },
);

Deno.test("createMetrics() shows what the tally counted, each time anew", TIME_LIMIT, async () => {
  const { read, tally } = setUp();
  tally.count("refreshes", "ok", 2);
  tally.count("refreshes", "new-problem");
  for (let renders = 0; renders < 2; renders++) {
    const refreshes = await read("refreshes_total");
    assertEquals(refreshes['{outcome="ok"}'], 2);
    assertEquals(refreshes['{outcome="new-problem"}'], 1);
    assertEquals(refreshes['{outcome="partial"}'], 0);
  }
});

Deno.test(
  "createMetrics() has every known label of a counter at 0 from the start",
  TIME_LIMIT,
  async () => {
    const { read } = setUp({
      loadFeed: () => Promise.resolve({ sources: [{ name: "kraken" }, { name: "okx" }] }),
    });
    const labels = async (name: string) => {
      const values = await read(`${name}_total`);
      assertEquals(new Set(Object.values(values)), new Set([0]), name);
      return Object.keys(values).map((label) => /"(.*)"/.exec(label)?.[1]).sort();
    };
    assertEquals(await labels("webhooks"), ["delivered", "failed", "gone"]);
    assertEquals(await labels("unhandled_errors"), ["exception", "rejection"]);
    assertEquals(await labels("source_failures"), ["kraken", "okx"]);
    assertEquals(await labels("reads"), ["cache", "near", "series"]);
    assertEquals(await labels("values_left_out"), ["price", "sentiment"]);
    assertEquals(await labels("refresh_samples"), ["duplicate", "expired", "rejected", "stored"]);
    assertEquals(await labels("refreshes"), [
      "feed-invalid",
      "feed-timeout",
      "feed-unavailable",
      "internal",
      "ok",
      "partial",
      "store-unavailable",
    ]);
  },
);

Deno.test(
  "createMetrics() shows a feed that can't be loaded as without sources",
  TIME_LIMIT,
  async () => {
    const { read } = setUp({ loadFeed: () => Promise.reject(new Error("no feed")) });
    assertEquals(await read("source_failures_total"), {});
  },
);

Deno.test("createMetrics() reads the service whenever it is rendered", TIME_LIMIT, async () => {
  const summaries = { hits: 0, kept: undefined as { as_of: string } | undefined };
  const streams = { size: 0 };
  const leftOut = { price: 0, sentiment: 0 };
  const { metrics, read, tally } = setUp({
    summaries,
    streams,
    series: { leftOut },
    clock: { now: () => 12_500, elapsed: () => 0 },
    eventLoop: { read: () => 0.25 },
  });
  assertStringIncludes(await metrics.render(), "is_bitcoin_lit_newest_sample_age_seconds Nan");
  Object.assign(summaries, { hits: 7, kept: { as_of: "1970-01-01T00:00:00.000Z" } });
  tally.count("reads", "cache", 2);
  streams.size = 3;
  leftOut.price = 4;
  for (let renders = 0; renders < 2; renders++) {
    assertEquals(await read("newest_sample_age_seconds"), { "": 12.5 });
    assertEquals(await read("event_streams"), { "": 3 });
    assertEquals(await read("event_loop_delay_seconds"), { "": 0.25 });
    assertEquals(await read("reads_total"), {
      '{layer="cache"}': 2,
      '{layer="near"}': 7,
      '{layer="series"}': 0,
    });
    const left = { '{metric="price"}': 4, '{metric="sentiment"}': 0 };
    assertEquals(await read("values_left_out_total"), left);
  }
});

Deno.test(
  "createMetrics() says when each source last answered, and forgets removed sources",
  TIME_LIMIT,
  async () => {
    let sources: { source: string; last_success: string | null }[] = [];
    const { read } = setUp({
      checkReadiness: () => Promise.resolve({ sources, last_tick: null }),
    });
    const name = "source_last_success_timestamp_seconds";
    assertEquals(await read(name), {});
    sources = [
      { source: "kraken", last_success: "2021-07-07T12:30:00.500Z" },
      { source: "okx", last_success: null },
    ];
    assertEquals(await read(name), { '{source="kraken"}': 1_625_661_000.5, '{source="okx"}': 0 });
    sources = [{ source: "senticrypt", last_success: "1970-01-01T00:00:01.000Z" }];
    assertEquals(await read(name), { '{source="senticrypt"}': 1 });
  },
);

Deno.test(
  "createMetrics() says what the last refresh found, or that Redis is away",
  TIME_LIMIT,
  async () => {
    const away = await setUp().metrics.render();
    assertStringIncludes(away, "is_bitcoin_lit_degraded Nan");
    assertStringIncludes(away, "is_bitcoin_lit_last_tick_timestamp_seconds Nan");
    const first = setUp({
      checkReadiness: () => Promise.resolve({ sources: [], last_tick: null }),
    });
    assertEquals(await first.read("degraded"), { "": 0 });
    assertEquals(await first.read("last_tick_timestamp_seconds"), { "": 0 });
    const last_tick = "1970-01-01T00:00:01.500Z";
    const { read } = setUp({
      checkReadiness: () => Promise.resolve({ sources: [], degraded: true, last_tick }),
    });
    assertEquals(await read("degraded"), { "": 1 });
    assertEquals(await read("last_tick_timestamp_seconds"), { "": 1.5 });
  },
);

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
      `build_info{version="${VERSION}",feed="test"} 1`,
    ]
  ) {
    assertStringIncludes(text, `is_bitcoin_lit_${line}\n`);
  }
});
