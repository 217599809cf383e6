import { assert, assertEquals } from "@std/assert";
import { eventually } from "../helpers/eventually.ts";
import { HAS_PROMTOOL } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import {
  metricsOfExpression,
  metricsOfScrape,
  readAlerts,
  readDocumentedMetrics,
  readPanels,
} from "./files.ts";
import { runPromtool, startPrometheus } from "./prometheus.ts";

const WITH_PROMTOOL = { ignore: !HAS_PROMTOOL, timeout: 60_000 };
const QUICK = { timeout: 60_000 };

// Panels without a series while nothing fails and no webhook is set.
const EMPTY_WHEN_ALL_IS_WELL = [
  "Errors by status",
];

// The range of one is longer than the test; the other one is right about a busy machine.
const DEPENDENT_ON_THE_MACHINE = ["RefreshFails", "ProcessIsBusy"];

Deno.test("the dashboard reads every documented metric and no other", QUICK, async () => {
  const read = (await readPanels()).flatMap(({ expressions }) => expressions)
    .flatMap(metricsOfExpression);
  assertEquals([...new Set(read)].sort(), await readDocumentedMetrics());
});

Deno.test("promtool accepts each expression of the dashboard", WITH_PROMTOOL, async () => {
  const rules = (await readPanels()).flatMap(({ expressions }) => expressions)
    .map((expr, i) => ({ record: `panel:${i}`, expr }));
  const file = await Deno.makeTempFile({ suffix: ".yml" });
  await Deno.writeTextFile(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  const { success, output } = await runPromtool(["check", "rules", file]);
  await Deno.remove(file);
  assert(success, output);
});

Deno.test("GET /metrics of a running service", WITH_PROMTOOL, async (t) => {
  await using service = runTask("dev");
  const url = await service.url;
  const scrape = await eventually(async () => {
    await (await fetch(`${url}/is-bitcoin-lit`)).body?.cancel();
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.includes('outcome="ok"') && text;
  });

  await t.step("has names and units that promtool accepts", async () => {
    const { success, output } = await runPromtool(["check", "metrics"], scrape);
    assertEquals({ success, output }, { success: true, output: "" });
  });
  await t.step("has the documented metrics and no other", async () => {
    assertEquals(metricsOfScrape(scrape).sort(), await readDocumentedMetrics());
  });
  await t.step("fills the panels of the dashboard and triggers no alert", async () => {
    await using prometheus = await startPrometheus(new URL(url).host);
    for (const { title, expressions } of await readPanels()) {
      for (const expression of expressions) {
        const series = await prometheus.query(expression);
        if (!EMPTY_WHEN_ALL_IS_WELL.includes(title)) assert(series.length > 0, title);
      }
    }
    for (const { alert, expr } of await readAlerts()) {
      if (!DEPENDENT_ON_THE_MACHINE.includes(alert)) {
        assertEquals(await prometheus.query(expr), [], alert);
      }
    }
  });
});
