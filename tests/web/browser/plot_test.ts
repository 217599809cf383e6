import { assertEquals, assertMatch } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import { renderPlot } from "../../../src/web/browser/plot.js";

const LIMITS = { timeout: 5_000 };
const MIDNIGHT = Date.UTC(2021, 6, 7) / 1_000;
const TIMES = Array.from({ length: 97 }, (_, i) => MIDNIGHT + i * 900);
const SIZE = { width: 584, height: 336 };

function contextIn(timeZone: string) {
  return { formats: createFormats("en-US", timeZone) };
}

/** Renders a plot of these prices, at times one after the other, with a sentiment that is 0.5. */
function render(prices: (number | null)[], options: { timeZone?: string; hours?: string[] } = {}) {
  const times = prices.length === TIMES.length ? TIMES : TIMES.slice(0, prices.length);
  const hours = (options.hours ?? []).map((time) => ({ time, price: 1, sentiment: 1 }));
  const columns: [number[], (number | null)[], (number | null)[]] = [
    times,
    prices,
    times.map(() => 0.5),
  ];
  return String(renderPlot({ columns, hours, size: SIZE }, contextIn(options.timeZone ?? "UTC")));
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
  assertEquals(Math.min(...prices) >= 8 && Math.max(...sentiments) <= 308, true);
});

Deno.test("renderPlot() fills the area between the sentiment and zero", LIMITS, () => {
  assertMatch(pathOf(render([1, 2]), "area") ?? "", /^M52 ([\d.]+)L52 [\d.]+L540 [\d.]+L540 \1Z$/);
});

Deno.test("renderPlot() labels full hours of the reader's clock", LIMITS, () => {
  const prices = TIMES.map(() => 1);
  assertEquals(timesOf(render(prices)).slice(0, 3), ["00:00", "06:00", "12:00"]);
  assertEquals(timesOf(render(prices, { timeZone: "Asia/Kathmandu" })).slice(0, 2), [
    "06:00",
    "12:00",
  ]);
});

Deno.test("renderPlot() marks the hours that it shows", LIMITS, () => {
  const prices = TIMES.map(() => 1);
  const hours = ["2021-07-07T21:00:00.000Z", "2021-07-07T23:00:00.000Z"];
  assertMatch(
    render(prices, { hours }),
    /<rect class="hours" x="479" y="8" width="61" height="300"/,
  );
  assertEquals(render(prices, { hours: ["2021-07-09T00:00:00.000Z"] }).includes("<rect"), false);
  assertEquals(render(prices).includes("<rect"), false);
});
