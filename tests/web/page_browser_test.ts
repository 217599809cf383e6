/// <reference lib="dom" />
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { serveScript } from "./scripted_service.ts";
import { LIT_AT, serveSite, UNLIT_AT } from "./site.ts";
import { viewIn } from "./views.ts";

const browserTest = shareBrowser();

async function waitForChart({ page }: Visit): Promise<void> {
  await page.waitForSelector("#chart .price");
}

async function readColor({ page }: Visit, selector: string, property: string): Promise<string> {
  return await page.$eval(
    selector,
    (element, name) => getComputedStyle(element).getPropertyValue(name),
    property,
  );
}

/** Makes the page do what it does when its reader returns to the tab. */
async function returnTo({ page }: Visit): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

browserTest(
  "the page shows the answer, draws the chart, and asks its own origin",
  async (browser) => {
    await using site = await serveSite(LIT_AT);
    await using visit = await browser.visit(site.url);
    await visit.says("Yes\nit’s lit.");
    await visit.says("Live: this page updates itself.");
    await visit.says("The price was between $60,026 and $63,874");
    await waitForChart(visit);
    assertEquals(visit.errors, []);
    assertEquals(visit.requests.filter((url) => !url.startsWith(site.url)), []);
  },
);

browserTest("the page takes a live update without a reload", async (browser) => {
  await using site = await serveSite(UNLIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("No\nit’s not lit.");
  await visit.says("Live:");
  await waitForChart(visit);
  await visit.page.evaluate(() => document.body.classList.add("not-reloaded"));

  site.now = LIT_AT + 24 * HOUR_MS;
  await site.refresh();
  await visit.says("Yes\nit’s lit.");
  await visit.says("March 15, 2026");
  await visit.says("is at $62,509");
  await visit.says("Lit since");
  assertMatch(await visit.page.title(), /^Yes, since .* · Is Bitcoin lit\?$/);
  assertEquals((await visit.page.$$(".not-reloaded")).length, 1);
  const color = await visit.page.$eval("meta[name=theme-color]", ({ content }) => content);
  assertEquals(color, "#ffb01f");
  assertEquals(visit.errors, []);
});

browserTest("the page says that the data became stale, without an event", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Live:");
  site.now += HOUR_MS;
  await returnTo(visit);
  await visit.says("Can’t say\nthe data is old.");
  await visit.says("The newest data is from ");
  await visit.says(" minutes ago. As of ");
  await visit.says("Waiting for new data.");
  await visit.says("was at $62,509 on Mar 14, 04:24");
  const [paper, price] = ["rgb(247, 247, 245)", "rgb(168, 84, 0)"];
  assertEquals(await readColor(visit, "#chart circle.price", "fill"), paper);
  assertEquals(await readColor(visit, "#chart circle.price", "stroke"), price);
});

browserTest(
  "the page updates the age of the data, and nothing that stays the same",
  async (browser) => {
    await using site = await serveSite(LIT_AT);
    await using visit = await browser.visit(site.url);
    await visit.says("Live:");
    const readAge = () => visit.page.$eval("#age", ({ textContent }) => textContent);
    const [answer, age] = [await visit.page.$("#answer > .answer"), await readAge()];
    await eventually(async () => await readAge() !== age);
    assert(await answer?.evaluate((element) => element.isConnected));
  },
);

browserTest("the page waits for data and shows it when it arrives", async (browser) => {
  await using site = await serveSite(LIT_AT, { days: 0 });
  await using visit = await browser.visit(site.url, { speed: 50 });
  await visit.says("Hold on\nthe first data is on its way.");
  await visit.says("Trying again every few seconds.");
  await visit.says("How it works");
  // One empty section says it all.
  await visit.page.waitForSelector("#payoff", { hidden: true });
  site.days = 1;
  await site.refresh();
  await visit.says("Yes\nit’s lit.");
  await waitForChart(visit);
  await visit.page.waitForSelector("#payoff", { visible: true });
  await visit.page.waitForSelector(".spans", { visible: true });
});

browserTest("the page asks for a record that a short retention has, too", async (browser) => {
  const environment = { RETENTION_DAYS: "7" };
  await using site = await serveSite(LIT_AT, { days: 0, environment });
  await using visit = await browser.visit(site.url, { speed: 50 });
  await visit.says("There is no completed hour to look back on yet.");
  site.days = 1;
  await site.refresh();
  await visit.says("In the last 7 days");
});

browserTest("a page of another version has its style and its script", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using others = serveLocally(async (request) => {
    const { pathname, search } = new URL(request.url);
    const init = { headers: { "accept-encoding": "identity" }, signal: request.signal };
    const response = await fetch(new URL(pathname + search, site.url), init);
    if (pathname !== "/") return response;
    const page = (await response.text()).replaceAll(/assets\/\w+\//g, "assets/0123456789ab/");
    return new Response(page, { headers: { "content-type": "text/html" } });
  });
  await using visit = await browser.visit(others.url);
  await visit.says("Live:");
  assertEquals(await readColor(visit, "body", "background-color"), "rgb(247, 247, 245)");
  assertEquals(visit.errors, []);
});

browserTest(
  "the page says that the store is away and shows the answer when it returns",
  async (browser) => {
    await using site = await serveSite(UNLIT_AT, { refused: /^(MGET|TS\.GET|SET|EXEC) / });
    await using visit = await browser.visit(site.url, { speed: 50 });
    await visit.says("Hold on\nthe database is away.");
    await visit.says("Trying again every few seconds.");
    site.link.heal();
    await site.refresh();
    await visit.says("No\nit’s not lit.");
    await waitForChart(visit);
  },
);

browserTest("the page says that the service is away, without a reload", async (browser) => {
  const site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Live:");
  await site[Symbol.asyncDispose]();
  await visit.says("Connecting again");
  await returnTo(visit);
  await visit.says("Hold on\nthe service is away.");
  await visit.says("Trying again every few seconds.");
});

browserTest("the page connects again after an event stream was refused", async (browser) => {
  await using site = await serveSite(UNLIT_AT, { environment: { MAX_STREAMS: "1" } });
  const only = await fetch(`${site.url}events`);
  await using visit = await browser.visit(site.url, { speed: 20 });
  await visit.says("Connecting again");
  await only.body?.cancel();
  await visit.says("Live:");
});

browserTest("the page follows the colour scheme, in the chart too", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { scheme: "light" });
  await waitForChart(visit);
  assertEquals(await readColor(visit, "body", "background-color"), "rgb(247, 247, 245)");
  assertEquals(await readColor(visit, "#chart .line.price", "stroke"), "rgb(168, 84, 0)");
  await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assertEquals(await readColor(visit, "body", "background-color"), "rgb(13, 14, 16)");
  assertEquals(await readColor(visit, "#chart .line.price", "stroke"), "rgb(255, 167, 38)");
});

browserTest("the page works without JavaScript", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { javascript: false });
  await visit.says("Yes\nit’s lit.");
  await visit.says("Price rising");
  await visit.says("$62,381.50");
  await visit.says("The chart needs JavaScript.");
});

browserTest("the page promises nothing by itself without JavaScript", async (browser) => {
  await using service = serveScript(viewIn("no-data"));
  await using visit = await browser.visit(service.url, { javascript: false });
  const text = await visit.page.$eval("body", ({ innerText }) => innerText);
  assertStringIncludes(text, "the first data is on its way.");
  assertEquals(text.includes("by itself"), false);
});

browserTest("the page shows hours in the reader's time zone", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { timeZone: "America/New_York" });
  await visit.says("March 13 – 14, 2026, EDT");
  await visit.says("22:00\t$61,197.50");
  const times = await visit.page.$$eval("#hours time", (all) => all.map((time) => time.dateTime));
  assertEquals(times[0], "2026-03-14T02:00:00.000Z");
});

browserTest("the chart shows the values under the pointer", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await waitForChart(visit);
  const readCursor = () =>
    visit.page.$eval(
      "#chart .cursor",
      (cursor) => cursor.hasAttribute("hidden") ? undefined : cursor.textContent.trim(),
    );
  assertEquals(await readCursor(), undefined);
  await visit.page.hover("#chart");
  await eventually(async () => /^17:\d\d: price \$/.test(await readCursor() ?? ""));
  await visit.page.hover("h2");
  await eventually(async () => await readCursor() === undefined);
});

browserTest(
  "the chart shows and announces the values that the keyboard reaches",
  async (browser) => {
    await using site = await serveSite(LIT_AT);
    await using visit = await browser.visit(site.url);
    await waitForChart(visit);
    await visit.page.focus("#chart");
    const readValue = () => visit.page.$eval("#chart", ({ ariaValueText }) => ariaValueText ?? "");
    assertStringIncludes(await readValue(), "04:15: price $62,508.75, sentiment +0.325");
    for (
      const [key, time] of [
        ["ArrowLeft", "04:00"],
        ["PageDown", "03:00"],
        ["ArrowRight", "03:15"],
        ["PageUp", "04:15"],
        ["ArrowDown", "04:00"],
        ["ArrowUp", "04:15"],
        ["ArrowRight", "04:15"],
        ["Home", "04:30"],
        ["End", "04:15"],
      ] as const
    ) {
      await visit.page.keyboard.press(key);
      assertStringIncludes(await readValue(), `${time}: price $`);
      const cursor = await visit.page.$eval("#chart .cursor", readCursorParts);
      assertEquals(cursor.label, await readValue());
      assertEquals(cursor.x1, cursor.x2);
      assert(cursor.left >= 0 && cursor.left + cursor.width <= cursor.chartWidth + 0.1);
      // In the middle above the line, unless that would lie outside.
      const middle = Math.max(
        0,
        Math.min(cursor.x1 - cursor.width / 2, cursor.chartWidth - cursor.width),
      );
      assertAlmostEquals(cursor.left, middle, 0.1);
      if (key === "Home") assertEquals([cursor.now, cursor.max], [0, 95]);
    }
  },
);

/** Where the cursor of a chart is, in pixels, and what the chart says as a slider. */
function readCursorParts(cursor: Element) {
  const [line, text] = [cursor.querySelector("line"), cursor.querySelector("text")];
  const chart = cursor.closest("[role=slider]");
  return {
    label: text?.textContent.trim(),
    x1: Number(line?.getAttribute("x1")),
    x2: Number(line?.getAttribute("x2")),
    left: Number(text?.getAttribute("x")),
    width: text?.getComputedTextLength() ?? NaN,
    chartWidth: chart?.clientWidth ?? NaN,
    now: Number(chart?.ariaValueNow),
    max: Number(chart?.ariaValueMax),
  };
}

browserTest("the page can be used by keyboard, with a visible focus", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  const seen = [];
  for (let i = 0; i < 5; i++) {
    await visit.page.keyboard.press("Tab");
    seen.push(
      await visit.page.$eval(":focus", (element) => [
        element.getAttribute("href") ?? (element.id || element.localName),
        getComputedStyle(element.closest("label") ?? element).outlineStyle,
      ]),
    );
  }
  assertEquals(seen, [
    ["./?lang=en", "solid"],
    ["./?lang=zh-CN", "solid"],
    ["input", "solid"],
    ["chart", "solid"],
    ["summary", "solid"],
  ]);
});

browserTest(
  "the chart shows the span that is chosen, and the address keeps it",
  async (browser) => {
    await using site = await serveSite(LIT_AT);
    await using visit = await browser.visit(site.url);
    await waitForChart(visit);
    const readSpan = () => visit.page.$eval("input[name=span]:checked", ({ value }) => value);
    assertEquals(await readSpan(), "24h");
    await visit.page.focus("input[name=span]");
    await visit.page.keyboard.press("ArrowRight");
    await eventually(() =>
      visit.requests.some((url) => url.includes("history?hours=168&bucket=1h"))
    );
    assertEquals(new URL(visit.page.url()).search, "?span=7d");
    await visit.page.reload();
    await waitForChart(visit);
    assertEquals(await readSpan(), "7d");
    await visit.page.click(".languages [lang=zh-CN]");
    await visit.says("7 天");
    await waitForChart(visit);
    assertEquals(await readSpan(), "7d");
    await visit.page.click(".spans label");
    await eventually(() => new URL(visit.page.url()).search === "?lang=zh-CN");
  },
);

/** What the chart says of the newest values, and how it shows the hours compared. */
function readChart() {
  const chart = document.querySelector("#chart");
  const keys = document.querySelector(".keys");
  const text = document.querySelector("#chart-text")?.textContent ?? "";
  return {
    last: chart?.ariaValueMax,
    ends: [...chart?.querySelectorAll(".end") ?? []].map(({ textContent }) => textContent),
    said: [...text.matchAll(/is at ([^ ]+?)\.(?: |$)/g)].map(([, value]) => value),
    steps: chart?.querySelectorAll(".step").length,
    keys: keys && getComputedStyle(keys).visibility,
  };
}

browserTest(
  "the chart says the same newest values in every span, and explains what it shows",
  async (browser) => {
    await using site = await serveSite(LIT_AT, { simulated: true });
    await using visit = await browser.visit(`${site.url}?span=7d`, {
      viewport: { width: 320, height: 900 },
    });
    const [hidden, visible] = [{ steps: 0, keys: "hidden" }, { steps: 6, keys: "visible" }];
    let newest: string[] | undefined;
    for (
      const [name, last, shown] of [
        ["7d", "167", hidden],
        ["30d", "179", hidden],
        ["24h", "95", visible],
      ] as const
    ) {
      await visit.page.click(`label:has([value="${name}"])`);
      await eventually(async () => (await visit.page.evaluate(readChart)).last === last);
      const { ends, said, steps, keys } = await visit.page.evaluate(readChart);
      assertMatch(ends.join(), /^\$\d\d,\d{3},[+−]0\.\d{3}$/);
      assertEquals([said, { steps, keys }], [ends, shown]);
      newest ??= ends;
      assertEquals(ends, newest);
    }
  },
);

browserTest("the page offers no span that is longer than its data is kept", async (browser) => {
  await using site = await serveSite(LIT_AT, { environment: { RETENTION_DAYS: "7" } });
  await using visit = await browser.visit(`${site.url}?span=30d`);
  await visit.says("and is at");
  const spans = await visit.page.$$eval("input[name=span]", (all) => all.map(({ value }) => value));
  assertEquals(spans, ["24h", "7d"]);
});

browserTest("the page copies code for other sites, and says so", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, {
    before: () => {
      const clipboard = { writeText: (text: string) => void Object.assign(globalThis, { text }) };
      Object.defineProperty(navigator, "clipboard", { value: clipboard });
    },
  });
  await visit.says("Live:");
  await visit.page.focus("[data-copy=badge-snippet]");
  await visit.page.keyboard.press("Enter");
  await eventually(async () =>
    await visit.page.$eval("#copied", ({ textContent }) => textContent) === "Copied"
  );
  assertEquals(
    await visit.page.evaluate(() => Reflect.get(globalThis, "text")),
    `<img src="${site.url}badge.svg" alt="Is Bitcoin lit?">`,
  );
});

browserTest("the page selects code that it may not copy, and says what to do", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, {
    before: () => {
      const clipboard = { writeText: () => Promise.reject(new Error("no")) };
      Object.defineProperty(navigator, "clipboard", { value: clipboard });
    },
  });
  await visit.says("Live:");
  // A click would miss: the embedded answer loads as the page scrolls to it, and moves the button.
  await visit.page.focus("[data-copy=snippet]");
  await visit.page.keyboard.press("Enter");
  const readSaid = () => visit.page.$eval("#copied", ({ textContent }) => textContent);
  await eventually(async () => await readSaid() === "Select the code and copy it");
  const code = await visit.page.$eval("#snippet", ({ textContent }) => textContent);
  assertEquals(await visit.page.evaluate(() => String(getSelection())), code);
  assertStringIncludes(code, `<iframe src="${site.url}embed?lang=en" title="Is Bitcoin lit?"`);
  assertEquals(
    await visit.page.$eval("[data-copy=snippet]", (it) => it.textContent.trim()),
    "Copy",
  );
});

browserTest("the page loads its embedded answer when it is seen", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url);
  await visit.says("Live:");
  assertEquals(await visit.page.$("iframe"), null);
  await visit.page.$eval("#embed", (place) => place.scrollIntoView());
  const frame = await (await visit.page.waitForSelector("iframe"))?.contentFrame();
  await frame?.waitForSelector("[data-state=lit] #answer");
  assertEquals(visit.errors, []);
});

browserTest("the flame moves when the state changes, and rests otherwise", async (browser) => {
  await using site = await serveSite(UNLIT_AT);
  await using visit = await browser.visit(site.url);
  const setMotion = (value: string) =>
    visit.page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value }]);
  await setMotion("no-preference");
  await visit.says("Live:");
  const countMoving = () => visit.page.evaluate(() => document.getAnimations().length);
  await eventually(async () => await countMoving() === 0);
  assertEquals(await readColor(visit, ".flame path", "animation-name"), "none");
  site.now = LIT_AT + 24 * HOUR_MS;
  await site.refresh();
  await visit.says("Yes\nit’s lit.");
  assertEquals(await readColor(visit, ".flame path", "animation-name"), "ignite");
  await eventually(async () => await countMoving() === 0);
  await setMotion("reduce");
  assertEquals(await readColor(visit, ".flame path", "animation-name"), "none");
});

browserTest("links are large enough for fingers", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(site.url, { viewport: { width: 390, height: 844 } });
  const heights = await visit.page.$$eval(
    "a",
    (links) => links.map((link) => link.getBoundingClientRect().height),
  );
  assert(heights.length > 8);
  assertEquals(heights.filter((height) => height < 24), []);
  await visit.page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  const controls = await visit.page.$$eval(
    "button, summary, .spans label, .languages a",
    (all) => all.map((control) => control.getBoundingClientRect().height),
  );
  assert(controls.length > 6);
  assertEquals(controls.filter((height) => height < 40), []);
});

browserTest("the page's language is the reader's, and can be switched", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(`${site.url}?lang=zh-CN`);
  await visit.says("火了\n比特币正在燃烧。");
  await visit.says("实时：本页面会自动更新。");
  await visit.says("价格在 US$60,026 到 US$63,874 之间");
  assertMatch(await visit.page.title(), /^火了，从 .* 起 · 比特币火了吗？$/);
  assertEquals(await visit.page.$eval("html", ({ lang }) => lang), "zh-CN");
  await visit.page.click(".languages [lang=en]");
  await visit.says("Live: this page updates itself.");
  assertEquals(visit.requests.filter((url) => url.includes("page.en.")).length, 1);
  assertEquals(visit.requests.filter((url) => url.includes("page.zh-CN.")).length, 1);
});

browserTest("GET /docs shows the API, and asks its own origin", async (browser) => {
  await using site = await serveSite(LIT_AT);
  await using visit = await browser.visit(`${site.url}docs`);
  await visit.says("/is-bitcoin-lit");
  await visit.says("/history");
  assertEquals(visit.errors, []);
  assertEquals(visit.requests.filter((url) => !/^(data:|http:\/\/127\.0\.0\.1:)/.test(url)), []);
});
