import { assert, assertStringIncludes } from "@std/assert";
import { createMetrics } from "../../src/observe/metrics.ts";
import { Tally } from "../../src/observe/tally.ts";

/** Metrics of a service that the test describes. */
function setUp() {
  const tally = new Tally();
  const state = { age: undefined as number | undefined, streams: 0, reads: { near: 0, cache: 0 } };
  const metrics = createMetrics({
    tally,
    newestSampleAge: () => state.age,
    openStreams: () => state.streams,
    readsByLayer: () => state.reads,
  });
  return { metrics, state, tally };
}

const REQUEST = { method: "GET", route: "/is-bitcoin-lit", status: 200, seconds: 0.0007 };

Deno.test("createMetrics() tells of requests by route, in cumulative buckets", async () => {
  const { metrics, tally } = setUp();
  for (const seconds of [0.0007, 0.0007, 60]) tally.countRequest({ ...REQUEST, seconds });
  tally.countRequest({ ...REQUEST, method: "POST" });
  tally.countRequest({ ...REQUEST, status: 304 });
  const text = await metrics.render();
  assertStringIncludes(metrics.contentType, "text/plain");
  const name = "is_bitcoin_lit_http_request_duration_seconds";
  const labels = 'method="GET",route="/is-bitcoin-lit",status="200"';
  assertStringIncludes(text, `# TYPE ${name} histogram`);
  assertStringIncludes(text, `${name}_bucket{le="0.0005",${labels}} 0`);
  assertStringIncludes(text, `${name}_bucket{le="0.001",${labels}} 2`);
  assertStringIncludes(text, `${name}_bucket{le="10",${labels}} 2`);
  assertStringIncludes(text, `${name}_bucket{le="+Inf",${labels}} 3`);
  assertStringIncludes(text, `${name}_count{${labels}} 3`);
  assertStringIncludes(text, `${name}_sum{${labels}} 60.0014`);
  assertStringIncludes(text, `${name}_count{method="POST",route="/is-bitcoin-lit",status="200"} 1`);
  assertStringIncludes(text, `${name}_count{method="GET",route="/is-bitcoin-lit",status="304"} 1`);
});

Deno.test("createMetrics() tells of refreshes by outcome, and of samples by fate", async () => {
  const { metrics, tally } = setUp();
  tally.countRefresh({ outcome: "feed-timeout" });
  tally.countRefresh({ outcome: "ok", samples: { stored: 4, duplicate: 6, rejected: 0 } });
  tally.countRefresh({ outcome: "ok", samples: { stored: 1, duplicate: 6, rejected: 0 } });
  const text = await metrics.render();
  assertStringIncludes(text, 'is_bitcoin_lit_refreshes_total{outcome="feed-timeout"} 1');
  assertStringIncludes(text, 'is_bitcoin_lit_refreshes_total{outcome="ok"} 2');
  assertStringIncludes(text, 'is_bitcoin_lit_refresh_samples_total{fate="stored"} 5');
  assertStringIncludes(text, 'is_bitcoin_lit_refresh_samples_total{fate="rejected"} 0');
});

Deno.test("createMetrics() reads the service whenever it is asked", async () => {
  const { metrics, state } = setUp();
  assertStringIncludes(await metrics.render(), "is_bitcoin_lit_newest_sample_age_seconds Nan");
  Object.assign(state, { age: 12.5, streams: 3, reads: { near: 7, cache: 2 } });
  await metrics.render();
  const text = await metrics.render();
  assertStringIncludes(text, "is_bitcoin_lit_newest_sample_age_seconds 12.5");
  assertStringIncludes(text, "is_bitcoin_lit_event_streams 3");
  assertStringIncludes(text, 'is_bitcoin_lit_reads_total{layer="near"} 7');
  const [, delay = "NaN"] = /^is_bitcoin_lit_event_loop_delay_seconds (\S+)$/m.exec(text) ?? [];
  assert(Number(delay) >= 0, delay);
});
