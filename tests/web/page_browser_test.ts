import { assert, assertEquals } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { HOUR_MS } from "../../src/core/summary.ts";
import { computeSummary } from "../../src/use_cases/compute_summary.ts";
import { TestBrowser, type Visit } from "../helpers/browser.ts";
import { HAS_CHROMIUM } from "../helpers/needs.ts";
import { eventually } from "../helpers/eventually.ts";
import { MemorySeries } from "../helpers/memory.ts";
import { LIT_AT, serveSite, simulateDay, UNLIT_AT } from "./site.ts";

const PHONE = { width: 320, height: 640 };
const MAX_FIRST_LOAD_BYTES = 100_000;

let browser: TestBrowser;

if (HAS_CHROMIUM) {
  Deno.test.beforeAll(async () => {
    browser = await TestBrowser.start();
  });
  Deno.test.afterAll(() => browser[Symbol.asyncDispose]());
}

/** A test in the browser of this file. It outlives the test, and so do its timers and its socket. */
function browserTest(name: string, fn: () => Promise<void>): void {
  const options = { ignore: !HAS_CHROMIUM, sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name, ...options, fn });
}

/** How many different colours the chart's canvas holds: a blank one has one. */
async function countChartColours({ page }: Visit): Promise<number> {
  return await page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

async function waitForChart(visit: Visit): Promise<void> {
  await eventually(async () => await countChartColours(visit) > 10);
}

async function readPaper({ page }: Visit): Promise<string> {
  return await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** What a browser says when its reader comes back to the tab. */
async function comeBack({ page }: Visit): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

async function readChart({ page }: Visit): Promise<string | undefined> {
  return await page.evaluate(() => document.querySelector("canvas")?.toDataURL());
}

browserTest("the page shows the answer, draws the chart, and asks nobody else", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Yes\nit’s lit.");
  await visit.says("Live: this page keeps itself up to date.");
  await visit.says("The price went between $60,025.83 and $63,874.17");
  await waitForChart(visit);
  assertEquals(visit.errors, []);
  assertEquals(visit.requests.filter((url) => !url.startsWith(site.url)), []);
});

browserTest("the page loads in less than 100 KB, uncompressed", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await waitForChart(visit);
  const bytes = await visit.page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0)
  );
  assert(bytes > 50_000 && bytes < MAX_FIRST_LOAD_BYTES, `${bytes} bytes`);
});

browserTest("the page takes a live update without a reload", async () => {
  await using site = await serveSite(UNLIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("No\nit’s not lit.");
  await visit.says("Live:");
  await waitForChart(visit);
  await visit.page.evaluate(() => document.body.classList.add("not-reloaded"));

  site.series = await simulateDay(LIT_AT + 24 * HOUR_MS);
  site.now = LIT_AT + 24 * HOUR_MS;
  site.streams.send(await computeSummary(site.series));
  await visit.says("Yes\nit’s lit.");
  await visit.says("March 15, 2026");
  await visit.says("is at $62,508.75");
  assertEquals(await visit.page.title(), "Yes · Is Bitcoin lit?");
  assertEquals((await visit.page.$$(".not-reloaded")).length, 1);
  assertEquals(visit.errors, []);
});

browserTest("the page says that the data went stale, without an event", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Live:");
  site.now += HOUR_MS;
  await comeBack(visit);
  await visit.says("Can’t say\nthe data is old.");
  await visit.says("stale");
});

browserTest(
  "the page tells how old the data is, and leaves alone what does not change",
  async () => {
    await using site = await serveSite(LIT_AT);
    await using visit = await browser.visit(site.url);
    await visit.says("Live:");
    const readAge = () => visit.page.$eval("#age", ({ textContent }) => textContent);
    const [heard, age] = [await visit.page.$("#answer > .answer"), await readAge()];
    await eventually(async () => await readAge() !== age);
    assert(await heard?.evaluate((element) => element.isConnected));
  },
);

browserTest("the page waits for data and shows it when it comes", async () => {
  await using site = await serveSite(LIT_AT);
  site.series = new MemorySeries();
  await using visit = await browser.visit(site.url);
  await visit.says("Not yet\nthere is no data so far.");
  site.series = await simulateDay(LIT_AT);
  await visit.says("Yes\nit’s lit.");
  await waitForChart(visit);
});

browserTest(
  "the page says that the store is away and shows the answer when it is back",
  async () => {
    await using site = await serveSite(UNLIT_AT);
    site.series.failure = new StoreError("It is away");
    await using visit = await browser.visit(site.url);
    await visit.says("Hold on\nthe records are out of reach.");
    site.series.failure = undefined;
    await visit.says("No\nit’s not lit.");
    await waitForChart(visit);
  },
);

browserTest("the page says that the service is away, without a reload", async () => {
  const site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Live:");
  await site[Symbol.asyncDispose]();
  await visit.says("Connecting again");
  await comeBack(visit);
  await visit.says("Hold on\nthe service is out of reach.");
});

browserTest("the page connects again after an event stream was refused", async () => {
  await using site = await serveSite(UNLIT_AT, { maxStreams: 1 });
  const only = await fetch(`${site.url}events`);
  await using visit = await browser.visit(site.url);
  await visit.says("Connecting again");
  await only.body?.cancel();
  await visit.says("Live:");
});

browserTest("the page follows the colour scheme, in the chart too", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { scheme: "light" });
  await waitForChart(visit);
  const [paper, chart] = [await readPaper(visit), await readChart(visit)];
  assertEquals(paper, "rgb(247, 247, 245)");

  await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assertEquals(await readPaper(visit), "rgb(13, 14, 16)");
  await eventually(async () => await readChart(visit) !== chart);

  await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await eventually(async () => await readChart(visit) === chart);
});

browserTest("the page fits a phone without scrolling sideways", async () => {
  for (const at of [LIT_AT, UNLIT_AT]) {
    await using site = await serveSite(at);
    if (at === UNLIT_AT) site.now += HOUR_MS;
    await using visit = await browser.visit(site.url, { viewport: PHONE });
    await waitForChart(visit);
    const width = await visit.page.evaluate(() => document.documentElement.scrollWidth);
    assertEquals(width, PHONE.width);
  }
});

browserTest("the page answers without JavaScript", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { javascript: false });
  await visit.says("Yes\nit’s lit.");
  await visit.says("Price rising");
  await visit.says("$62,381.50");
  await visit.says("The chart needs JavaScript.");
});

browserTest("the page tells hours in the reader's time zone", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { timeZone: "America/New_York" });
  await visit.says("March 13 – 14, 2026, EDT");
  await visit.says("22:00\t$61,197.50");
  const times = await visit.page.$$eval("#hours time", (all) => all.map((time) => time.dateTime));
  assertEquals(times[0], "2026-03-14T02:00:00.000Z");
});

browserTest("the page shows the chart's values under the pointer", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await waitForChart(visit);
  await visit.says("at 04:15");
  await visit.page.hover("#chart");
  await visit.says("at 16:");
});

browserTest("the page can be used by keyboard, with the focus to be seen", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  const seen = [];
  for (let i = 0; i < 3; i++) {
    await visit.page.keyboard.press("Tab");
    seen.push(
      await visit.page.$eval(":focus", (link) => [
        link.getAttribute("href"),
        getComputedStyle(link).outlineStyle,
      ]),
    );
  }
  assertEquals(seen, [["/is-bitcoin-lit", "solid"], ["/docs", "solid"], [
    "/openapi.json",
    "solid",
  ]]);
});

browserTest("GET /docs shows the API, and asks nobody else", async () => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(`${site.url}docs`);
  await visit.says("/is-bitcoin-lit");
  await visit.says("/history");
  assertEquals(visit.errors, []);
  assertEquals(visit.requests.filter((url) => !/^(data:|http:\/\/127\.0\.0\.1:)/.test(url)), []);
});
