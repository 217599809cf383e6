import { assertEquals } from "@std/assert";
import { createMetrics } from "../../src/observe/metrics.ts";
import { Tally } from "../../src/observe/tally.ts";
import { metricsOfScrape, readDocumentedMetrics } from "../ops/files.ts";

Deno.test("docs/operations.md lists every metric and no other", { timeout: 10_000 }, async () => {
  const { render } = createMetrics({
    tally: new Tally(),
    newestSampleAge: () => undefined,
    openStreams: () => 0,
    readsByLayer: () => ({}),
    leftOutByMetric: () => ({}),
    sources: () => Promise.resolve([]),
    degraded: () => Promise.resolve(undefined),
    lastTick: () => Promise.resolve(NaN),
    eventLoopDelay: () => 0,
  });
  assertEquals(metricsOfScrape(await render()), await readDocumentedMetrics());
});
