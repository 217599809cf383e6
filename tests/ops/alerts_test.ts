import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { loadFeed } from "../../src/feeds/mod.ts";
import { createMetrics } from "../../src/observe/metrics.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { describeMetricsSources } from "../helpers/metrics.ts";
import { HAS_PROMTOOL } from "../helpers/needs.ts";
import {
  metricsOfExpression,
  pathOf,
  readAlerts,
  readDocumentedMetrics,
  readText,
  readYaml,
} from "./files.ts";
import { runPromtool } from "./prometheus.ts";

const WITH_PROMTOOL = { ignore: !HAS_PROMTOOL, timeout: 60_000 };
const QUICK = { timeout: 60_000 };

const ALERT_TESTS = z.object({
  tests: z.array(z.object({
    input_series: z.array(z.object({ series: z.string() })),
    alert_rule_test: z.array(z.object({
      alertname: z.string(),
      exp_alerts: z.array(z.unknown()).default([]),
    })),
  })),
});

Deno.test.each([
  { command: "check", file: "ops/alerts.yml" },
  { command: "test", file: "ops/alerts_test.yml" },
])("promtool $command rules accepts $file", WITH_PROMTOOL, async ({ command, file }) => {
  const { success, output } = await runPromtool([command, "rules", pathOf(file)]);
  assert(success, output);
});

Deno.test("ops/alerts_test.yml shows each alert firing and silent", QUICK, async () => {
  const names = (await readAlerts()).map(({ alert }) => alert).sort();
  const cases = ALERT_TESTS.parse(await readYaml("ops/alerts_test.yml")).tests
    .flatMap((test) => test.alert_rule_test);
  for (const fires of [true, false]) {
    const shown = cases.filter(({ exp_alerts }) => exp_alerts.length > 0 === fires);
    assertEquals([...new Set(shown.map(({ alertname }) => alertname))].sort(), names);
  }
});

Deno.test("each alert has a section in docs/operations.md", QUICK, async () => {
  const text = await readText("docs/operations.md");
  const sections = [...text.matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name);
  for (const { alert, annotations } of await readAlerts()) {
    assert(sections.includes(alert), alert);
    assertEquals(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
  }
});

Deno.test("alerts read documented metrics only", QUICK, async () => {
  const documented = new Set(await readDocumentedMetrics());
  const read = (await readAlerts()).flatMap(({ expr }) => metricsOfExpression(expr));
  assertEquals(read.filter((name) => !documented.has(name)), []);
});

Deno.test(
  "ops/alerts_test.yml has counters as a service has them at its start",
  QUICK,
  async () => {
    const loadFeedOnce = () => loadFeed("live", feedOptions());
    const { render } = createMetrics(describeMetricsSources({ loadFeed: loadFeedOnce }));
    const atStart = new Set((await render()).split("\n"));
    const { tests } = ALERT_TESTS.parse(await readYaml("ops/alerts_test.yml"));
    const counters = tests.flatMap(({ input_series }) => input_series)
      // Prometheus adds the labels of the target.
      .map(({ series }) => series.replace(/,? ?(?:job|instance)="[^"]*",? ?/g, ""))
      .filter((series) => /_total\{/.test(series));
    assert(counters.length > 0);
    assertEquals(counters.filter((series) => !atStart.has(`${series} 0`)), []);
  },
);
