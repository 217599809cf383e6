/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { renderEmbed } from "../../src/web/embed.ts";
import { renderPage } from "../../src/web/page.ts";
import { shareBrowser, type TestBrowser, type Viewport } from "../helpers/browser.ts";
import { serveScript } from "./scripted_service.ts";
import { LIT, STATES, viewIn, viewOf } from "./views.ts";

const MIN_WIDTH = 320;
const MAX_WIDTH = 1_600;
const WIDTH_STEP = 20;

/** Closer figures read as one, in CSS pixels. */
const MIN_GAP = 8;

const EMBED_SIZES = [[200, 80], [200, 100], [300, 120], [200, 400], [800, 80], [640, 360], [
  1_200,
  630,
]];

const browserTest = shareBrowser();

/** Markup by the name of its case. */
type Cases = readonly (readonly [name: string, markup: string])[];

const VIEWS = LANGUAGES.flatMap((language) =>
  STATES.map((state) => ({
    name: `${state} ${language}`,
    // With every note that the stage can have.
    view: { ...viewIn(state, language), feed: "simulated", frozenFeed: true },
  }))
);

/** Measuring needs no scripts in the frames; the host's policy allows their styles. */
function withoutScripts(markup: string): string {
  return markup.replace(/<script.*?<\/script>/g, "");
}

/** Shows each case in a frame of each size, and returns what overlaps or does not fit. */
async function findFaults(browser: TestBrowser, cases: Cases, sizes: readonly Viewport[]) {
  await using service = serveScript(viewIn("lit"));
  service.routes.set(
    "/host",
    () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
  );
  await using visit = await browser.visit(`${service.url}host`);
  return await visit.page.evaluate(measureFrames, cases, sizes);
}

/** Runs in the browser. */
async function measureFrames(cases: Cases, sizes: readonly Viewport[]): Promise<string[]> {
  /** The boxes of all lines of text, as they are drawn. */
  function textBoxesOf(root: Document): { text: string; box: DOMRect }[] {
    const walker = root.createTreeWalker(root.querySelector(".stage") ?? root.body, 4);
    const boxes = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? "";
      const parent = walker.currentNode.parentElement;
      const hidden = parent?.closest(".rest") && getComputedStyle(parent).position === "absolute";
      if (text === "" || hidden) continue;
      const range = root.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const box of range.getClientRects()) boxes.push({ text, box });
    }
    return boxes;
  }

  function findFaultsIn(root: Document, { width, height }: Viewport): string[] {
    const flame = root.querySelector(".flame svg")?.getBoundingClientRect();
    if (flame === undefined || flame.width === 0) return ["no flame"];
    const { scrollWidth, scrollHeight } = root.documentElement;
    const faults = [];
    if (scrollWidth > width) faults.push(`scrolls sideways to ${scrollWidth}`);
    if (height > 0 && scrollHeight > height) faults.push(`scrolls down to ${scrollHeight}`);
    const boxes = textBoxesOf(root);
    const word = root.querySelector("strong")?.textContent;
    if (boxes.filter(({ text }) => text === word).length > 1) faults.push(`“${word}” breaks`);
    for (const { text, box } of boxes) {
      const apart = box.right <= flame.left || box.left >= flame.right ||
        box.bottom <= flame.top || box.top >= flame.bottom;
      if (!apart) faults.push(`“${text}” overlaps the flame`);
      if (box.left < 0 || box.right > width) faults.push(`“${text}” leaves the window`);
    }
    return faults;
  }

  const frames = await Promise.all(cases.map(([name, markup]) => {
    const frame = document.createElement("iframe");
    frame.srcdoc = markup;
    frame.style.border = "0";
    const loaded = new Promise((resolve) => frame.onload = resolve);
    document.body.append(frame);
    return loaded.then(() => ({ name, frame }));
  }));
  return frames.flatMap(({ name, frame }) =>
    sizes.flatMap((size) => {
      frame.style.width = `${size.width}px`;
      frame.style.height = `${size.height || 800}px`;
      const root = frame.contentDocument;
      if (root === null) return [`${name}: no document`];
      return findFaultsIn(root, size).map((fault) => `${name} at ${size.width}: ${fault}`);
    })
  );
}

browserTest("the page's text and flame fit any window and stay apart", async (browser) => {
  const widths = Array.from(
    { length: (MAX_WIDTH - MIN_WIDTH) / WIDTH_STEP + 1 },
    (_, i) => ({ width: MIN_WIDTH + i * WIDTH_STEP, height: 0 }),
  );
  const cases = VIEWS.map(({ name, view }) => [name, withoutScripts(renderPage(view))] as const);
  assertEquals(await findFaults(browser, cases, widths), []);
});

browserTest("the embedded answer fits any frame from 200 × 80 pixels", async (browser) => {
  const sizes = EMBED_SIZES.map(([width = 0, height = 0]) => ({ width, height }));
  const cases = VIEWS.map(({ name, view }) => [name, withoutScripts(renderEmbed(view))] as const);
  assertEquals(await findFaults(browser, cases, sizes), []);
});

browserTest("figures of six digits keep apart in the smallest window", async (browser) => {
  const hours = LIT.hourly_average_of_averages.map((hour) => ({ ...hour, price: 104_498.11 }));
  const answer = { ...LIT, hourly_average_of_averages: hours };
  for (const language of LANGUAGES) {
    await using service = serveScript(viewOf({ answer, revision: 1 }, language));
    const viewport = { width: MIN_WIDTH, height: 900 };
    await using visit = await browser.visit(service.url, { viewport, language });
    const { gaps, width } = await visit.page.evaluate(measureTable);
    assert(gaps.every((gap) => gap >= MIN_GAP), `The gaps are ${gaps} px in ${language}`);
    assertEquals(width, MIN_WIDTH);
  }
});

/** Runs in the browser. */
function measureTable(): { gaps: number[]; width: number } {
  const gaps = [...document.querySelectorAll("#hours tr")].flatMap((row) => {
    const boxes = [...row.children].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getBoundingClientRect();
    });
    return boxes.slice(1).map((box, i) => box.left - (boxes[i]?.right ?? 0));
  });
  return { gaps, width: document.documentElement.scrollWidth };
}

const FONT_SIZES = [16, 20, 24, 28, 32];

browserTest("text of up to twice the size fits windows from 320 pixels", async (browser) => {
  for (const language of LANGUAGES) {
    await using service = serveScript({ ...viewIn("unlit", language), feed: "simulated" });
    await using visit = await browser.visit(service.url, { language });
    await visit.page.waitForSelector("#payoff-chart .line");
    for (const width of [MIN_WIDTH, 390, 768]) {
      await visit.page.setViewport({ width, height: 900 });
      const widths = await visit.page.evaluate((sizes) =>
        sizes.map((size) => {
          document.documentElement.style.fontSize = `${size}px`;
          // The stage hides what does not fit.
          const edges = [...document.querySelectorAll(".said *")].map((part) =>
            Math.floor(part.getBoundingClientRect().right)
          );
          return Math.max(document.documentElement.scrollWidth, ...edges);
        }), FONT_SIZES);
      assertEquals(widths, FONT_SIZES.map(() => width), `${language} at ${width}`);
    }
  }
});

browserTest("the stage leaves room for the figures on the first screen", async (browser) => {
  const viewport = { width: 1_440, height: 900 };
  const smallChanges = LIT.hourly_average_of_averages.map((hour, i) => ({
    ...hour,
    price: 34_500 - i / 1_000,
    sentiment: 0.5 - i / 10_000,
  }));
  const falling = {
    ...LIT,
    hourly_average_of_averages: smallChanges,
    price_direction: "falling",
    sentiment_direction: "falling",
    lit: false,
  } as const;
  const views = [...VIEWS, { name: "longest reason", view: viewOf({ answer: falling }) }];
  for (const { name, view } of views) {
    await using service = serveScript(view);
    await using visit = await browser.visit(service.url, { viewport, javascript: false });
    const stage = await visit.page.$(".stage");
    const { height } = await stage?.boundingBox() ?? { height: NaN };
    assert(height <= 0.6 * viewport.height, `${name}: ${height} px`);
  }
});
