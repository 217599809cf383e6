import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import { type Band, type Plot, renderPlot } from "../../../src/web/browser/plot.js";

const LIMITS = { timeout: 60_000 };
const MIDNIGHT = Date.UTC(2021, 6, 7) / 1_000;
const TIMES = Array.from({ length: 97 }, (_, i) => MIDNIGHT + i * 900);
const SIZE = { width: 600, height: 336, em: 12 };
const [RIGHT, TOP, BOTTOM] = [544.8, 21.6, 309.6];

/** Renders a plot of these prices, at times one after the other, with a sentiment that is 0.5. */
function render(
  prices: (number | null)[],
  options: { timeZone?: string; bands?: Band[]; times?: number[] } = {},
) {
  const { timeZone = "UTC", bands = [], times = TIMES.slice(0, prices.length) } = options;
  const format = (value: number) => value.toFixed(3);
  const plot: Plot = {
    times,
    metrics: [
      { name: "price", values: prices, part: { bottom: 0.44, top: 1 }, label: String, end: format },
      {
        name: "sentiment",
        values: times.map(() => 0.5),
        scaled: [0, 0.5],
        part: { bottom: 0, top: 0.34 },
        hasArea: true,
        label: String,
        end: format,
      },
    ],
    bands,
    maxGapSeconds: 3_600,
    describe: String,
  };
  return String(renderPlot(plot, SIZE, { formats: createFormats("en-US", timeZone) }));
}

function pathOf(plot: string, name: string): string | undefined {
  return new RegExp(`class="${name}" d="([^"]*)"`).exec(plot)?.[1];
}

function timesOf(plot: string): string[] {
  return [...plot.matchAll(/>(\d\d:\d\d)</g)].map(([, time = ""]) => time);
}

/** How many points each run of the price has. */
function runsOf(plot: string): number[] {
  return (pathOf(plot, "line price") ?? "").split("M").slice(1).map((run) => run.split("L").length);
}

Deno.test("renderPlot() interrupts a line at a gap, and shows a lone point", LIMITS, () => {
  const gap = [null, null, null, null];
  assertEquals(runsOf(render([1, 2, ...gap, 2, ...gap, 1, 2])), [2, 1, 2]);
});

Deno.test("renderPlot() draws hours of one point each as a line", LIMITS, () => {
  const [loaded, missing] = [[1, null, null, null], [null, null, null, null]];
  assertEquals(runsOf(render([...loaded, ...loaded, ...missing, ...loaded, 2, 3])), [2, 3]);
});

Deno.test("renderPlot() draws price above sentiment, within the plot", LIMITS, () => {
  const plot = render(TIMES.map((_, i) => 60_000 + i));
  const heights = (name: string) =>
    [...(pathOf(plot, name) ?? "").matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
  const [prices, sentiments] = [heights("line price"), heights("line sentiment")];
  assertEquals(Math.max(...prices) < Math.min(...sentiments), true);
  assertEquals(Math.min(...prices) >= TOP && Math.max(...sentiments) <= BOTTOM, true);
});

Deno.test("renderPlot() fills the area between the sentiment and zero", LIMITS, () => {
  assertMatch(
    pathOf(render([1, 2]), "area") ?? "",
    /^M50.4 ([\d.]+)L50.4 [\d.]+L544.8 [\d.]+L544.8 \1Z$/,
  );
});

Deno.test("renderPlot() labels full hours of the reader's clock", LIMITS, () => {
  const prices = TIMES.map(() => 1);
  assertEquals(timesOf(render(prices)).slice(0, 3), ["00:00", "06:00", "12:00"]);
  assertEquals(timesOf(render(prices, { timeZone: "Asia/Kathmandu" })).slice(0, 2), [
    "06:00",
    "12:00",
  ]);
});

Deno.test("renderPlot() labels days over several days", LIMITS, () => {
  const times = Array.from({ length: 169 }, (_, i) => MIDNIGHT + i * 3_600);
  const plot = render(times.map(() => 1), { times, timeZone: "Asia/Kathmandu" });
  assertEquals(timesOf(plot), []);
  assertMatch(plot, />Jul 8<.*>Jul 9<.*>Jul 14</s);
});

/** A band of an hour with averages in the middle of both scales. */
function bandAt(hour: number): Band {
  const from = MIDNIGHT + hour * 3_600;
  return { from, to: from + 3_600, averages: [1, 0.25] };
}

Deno.test("renderPlot() shows each hour as a band with its averages as steps", LIMITS, () => {
  const plot = render(TIMES.map(() => 1), { bands: [bandAt(21), bandAt(22), bandAt(23)] });
  const bands = [...plot.matchAll(/<rect class="band" x="([\d.]+)" y="21.6" width="([\d.]+)"/g)];
  assertEquals(bands.map(([, x, width]) => [x, width]), [
    ["483", "19.6"],
    ["503.6", "19.6"],
    ["524.2", "19.6"],
  ]);
  const steps = [...plot.matchAll(/class="step" d="M([\d.]+) [\d.]+H([\d.]+)"/g)];
  assertEquals(steps.length, 6);
  assertEquals(steps[0]?.slice(1), ["483", "502.6"]);
});

Deno.test("renderPlot() cuts bands at its left edge, and leaves out those beyond", LIMITS, () => {
  const prices = TIMES.map(() => 1);
  const [, x, width] = /class="band" x="([\d.]+)" .*? width="([\d.]+)"/.exec(
    render(prices, { bands: [{ ...bandAt(-1), to: MIDNIGHT + 3_600 }] }),
  ) ?? [];
  assertEquals([x, width], ["50.4", "19.6"]);
  const plot = render(prices, { bands: [bandAt(-2)] });
  assertEquals(/class="(?:band|step)"/.test(plot), false);
});

Deno.test("renderPlot() has grid lines that enclose the extremes", LIMITS, () => {
  const plot = render(TIMES.map((_, i) => 61_025 + i));
  const labels = [...plot.matchAll(/text-anchor="end">(\d{5})</g)].map(([, text]) => Number(text));
  assertEquals([Math.min(...labels) <= 61_025, Math.max(...labels) >= 61_121], [true, true]);
});

Deno.test("renderPlot() has a dot and the newest value at each line's end", LIMITS, () => {
  const plot = render([...TIMES.slice(1).map(() => 2), null]);
  const dots = [...plot.matchAll(/<circle class="(\w+)" cx="([\d.]+)"/g)].map(([, ...dot]) => dot);
  assertEquals(dots, [["price", "539.7"], ["sentiment", String(RIGHT)]]);
  assertStringIncludes(plot, ">2.000</text>");
  assertStringIncludes(plot, ">0.500</text>");
});

Deno.test(
  "renderPlot() draws a day in six-hour steps as pages/plot.svg.txt.txt",
  LIMITS,
  async () => {
    const times = [0, 6, 12, 18, 24].map((hour) => MIDNIGHT + hour * 3_600);
    const plot: Plot = {
      times,
      metrics: [
        {
          name: "price",
          values: [100, 110, null, 140, 120],
          part: { bottom: 0.5, top: 1 },
          label: String,
          end: (price) => `$${price}`,
        },
        {
          name: "sentiment",
          values: [0.1, 0.2, 0.3, -0.1, null],
          scaled: [0.1, 0.2, 0.3, -0.1, 0],
          part: { bottom: 0, top: 0.4 },
          hasArea: true,
          label: String,
          end: String,
        },
      ],
      bands: [{ from: MIDNIGHT + 12 * 3_600, to: MIDNIGHT + 18 * 3_600, averages: [130, 0.1] }],
      maxGapSeconds: 6 * 3_600,
      describe: String,
    };
    const size = { width: 400, height: 240, em: 10 };
    const svg = String(renderPlot(plot, size, { formats: createFormats("en-US", "UTC") }));
    const expected = await Deno.readTextFile(new URL("../pages/plot.svg.txt", import.meta.url));
    assertEquals(svg.trim().split(/\n+/), expected.trim().split("\n"));
  },
);

/** The heights of the dots and of the values beside them, of two lines that share an axis to 100. */
function heightsOfEnds(first: number | null, second: number | null) {
  const axis = { part: { bottom: 0, top: 1 }, scaled: [0, 100], label: String, end: String };
  const plot: Plot = {
    times: [0, 3_600],
    metrics: [
      { ...axis, name: "hold", values: [0, first] },
      { ...axis, name: "lit-only", values: [null, second], sharesAxis: true },
    ],
    maxGapSeconds: Infinity,
    describe: String,
  };
  const size = { width: 400, height: 140, em: 10 };
  const svg = String(renderPlot(plot, size, { formats: createFormats("en-US", "UTC") }));
  const heights = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, y]) => Number(y));
  assertEquals([...svg.matchAll(/text-anchor="end"/g)].length, 5);
  return [heights(/ cy="([\d.]+)"/g), heights(/class="end" x="[\d.]+" y="([\d.]+)"/g)];
}

Deno.test.each([
  { what: "apart", first: 100, second: 0, dots: [18, 118], texts: [18, 118] },
  { what: "a line of text apart", first: 62, second: 50, dots: [56, 68], texts: [56, 68] },
  { what: "close", first: 50, second: 60, dots: [68, 58], texts: [69, 57] },
  { what: "closer, the other way round", first: 60, second: 50, dots: [58, 68], texts: [57, 69] },
  { what: "equal", first: 50, second: 50, dots: [68, 68], texts: [62, 74] },
  { what: "one only", first: 50, second: null, dots: [68], texts: [68] },
])("renderPlot() keeps the values of two ends readable: $what", LIMITS, (row) => {
  assertEquals(heightsOfEnds(row.first, row.second), [row.dots, row.texts]);
});

Deno.test("renderPlot() shows an hour's averages however few minutes it has", LIMITS, () => {
  const from = MIDNIGHT + 24 * 3_600;
  const plot = render(TIMES.map(() => 1), {
    bands: [{ from, to: from + 3_600, averages: [1, 0.25] }],
  });
  // 25 hours take the room of 24, so each is 19.8 px wide; 1 px is the seam.
  const step = /class="step" d="M([\d.]+) [\d.]+H([\d.]+)"/.exec(plot)?.slice(1);
  assertEquals(step, ["525", "543.8"]);
  const dots = [...plot.matchAll(/<circle class="\w+" cx="([\d.]+)"/g)].map(([, x]) => x);
  assertEquals(dots, ["525", "525"]);
  assertEquals(plot.lastIndexOf("<circle") < plot.indexOf('class="step"'), true);
});

Deno.test("renderPlot() has the title of each metric above its part", LIMITS, () => {
  const metric = { label: String, end: String, values: [0, 100], part: { bottom: 0, top: 1 } };
  const plot: Plot = {
    times: [0, 3_600],
    metrics: [
      { ...metric, name: "price", title: "USD", part: { bottom: 0.5, top: 1 } },
      { ...metric, name: "sentiment", title: "−1 to 1", part: { bottom: 0, top: 0.3 } },
    ],
    maxGapSeconds: Infinity,
    describe: String,
  };
  const size = { width: 400, height: 157, em: 10 };
  const svg = String(renderPlot(plot, size, { formats: createFormats("en-US", "UTC") }));
  const titles = [...svg.matchAll(/<text class="title (\w+)" x="42" y="([\d.]+)">([^<]+)</g)];
  assertEquals(titles.map(([, ...title]) => title), [
    ["price", "29", "USD"],
    ["sentiment", "99", "−1 to 1"],
  ]);
  // The cursor's text has its own line above the titles.
  assertStringIncludes(svg, '<text x="42" y="12"></text>');
});
