import { assertEquals } from "@std/assert";
import { createMetrics } from "../../src/observe/metrics.ts";
import { describeMetricsSources } from "../helpers/metrics.ts";
import { metricsOfScrape, readDocumentedMetrics } from "../ops/files.ts";

Deno.test("docs/operations.md lists every metric and no other", { timeout: 60_000 }, async () => {
  const { render } = createMetrics(describeMetricsSources());
  assertEquals(metricsOfScrape(await render()), await readDocumentedMetrics());
});
