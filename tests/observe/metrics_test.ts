import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LateMetrics } from "../../src/observe/late_metrics.ts";

/** Metrics of a service that the test describes. */
function setUp() {
  const state = { age: undefined as number | undefined, streams: 0, reads: { near: 0, cache: 0 } };
  const metrics = new LateMetrics({
    newestSampleAge: () => state.age,
    openStreams: () => state.streams,
    readsByLayer: () => state.reads,
  });
  return { metrics, state };
}

const REQUEST = { method: "GET", route: "/is-bitcoin-lit", status: 200, seconds: 0.0007 };

Deno.test("Metrics counts requests by route, also those before it was loaded", async () => {
  const { metrics } = setUp();
  metrics.countRequest(REQUEST);
  const { render, ...loaded } = await load(metrics);
  metrics.countRequest(REQUEST);
  assertStringIncludes(loaded.contentType, "text/plain");
  const labels = 'method="GET",route="/is-bitcoin-lit",status="200"';
  const text = await render();
  assertStringIncludes(text, `is_bitcoin_lit_http_request_duration_seconds_count{${labels}} 2`);
  assertStringIncludes(text, `_duration_seconds_bucket{le="0.0005",${labels}} 0`);
  assertStringIncludes(text, `_duration_seconds_bucket{le="0.001",${labels}} 2`);
});

Deno.test("Metrics counts refreshes by outcome, and samples by what became of them", async () => {
  const { metrics } = setUp();
  metrics.countRefresh({ outcome: "feed-timeout" });
  const { render } = await load(metrics);
  metrics.countRefresh({ outcome: "ok", samples: { stored: 4, duplicate: 6, rejected: 0 } });
  const text = await render();
  assertStringIncludes(text, 'is_bitcoin_lit_refreshes_total{outcome="feed-timeout"} 1');
  assertStringIncludes(text, 'is_bitcoin_lit_refreshes_total{outcome="ok"} 1');
  assertStringIncludes(text, 'is_bitcoin_lit_refresh_samples_total{fate="duplicate"} 6');
});

Deno.test("Metrics reads the service whenever it is asked", async () => {
  const { metrics, state } = setUp();
  const { render } = await load(metrics);
  assertStringIncludes(await render(), "is_bitcoin_lit_newest_sample_age_seconds Nan");
  Object.assign(state, { age: 12.5, streams: 3, reads: { near: 7, cache: 2 } });
  const text = await render();
  assertStringIncludes(text, "is_bitcoin_lit_newest_sample_age_seconds 12.5");
  assertStringIncludes(text, "is_bitcoin_lit_event_streams 3");
  assertStringIncludes(text, 'is_bitcoin_lit_summary_reads_total{layer="near"} 7');
  const [, delay = "NaN"] = /^is_bitcoin_lit_event_loop_delay_seconds (\S+)$/m.exec(text) ?? [];
  assert(Number(delay) >= 0, delay);
});

Deno.test("LateMetrics.load() loads once", async () => {
  const { metrics } = setUp();
  assertEquals(await metrics.load(), await metrics.load());
});

async function load(metrics: LateMetrics) {
  const loaded = await metrics.load();
  return { contentType: loaded.contentType, render: () => loaded.render() };
}
