import { assertEquals } from "@std/assert";
import { renderAge, renderHours } from "../../../src/web/browser/figures.js";
import { createFormats } from "../../../src/web/browser/format.js";
import { type RenderContext, WORDS } from "../../../src/web/view.ts";
import { LIT, STALE } from "../views.ts";

const LIMITS = { timeout: 60_000 };

/** The time of the newest data, and when the running hour of the views starts. */
const [AS_OF, RUNNING] = [Date.parse(LIT.as_of), Date.UTC(2021, 6, 7, 12)];

function contextAt(now?: number, timeZone = "UTC"): RenderContext {
  const words = WORDS.en;
  return { words, formats: createFormats(words.locale, timeZone), frozenFeed: false, now };
}

/** The texts of the elements, one line per row of a table. */
function rowsOf(markup: unknown): string[] {
  return String(markup).split(/<\/(?:tr|caption|p)>/).map((row) =>
    row.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim()
  ).filter(Boolean);
}

Deno.test(
  "renderHours() has the days, each hour, and the change from first to last",
  LIMITS,
  () => {
    const [first, ...others] = LIT.hourly_average_of_averages;
    const changing = [
      { time: "2021-07-07T10:00:00.000Z", price: 34_498, sentiment: 0.75 },
      ...others,
    ];
    assertEquals(first?.time, changing[0]?.time);
    const answer = { ...LIT, hourly_average_of_averages: changing };
    assertEquals(rowsOf(renderHours({ answer }, contextAt(undefined, "Pacific/Auckland"))), [
      "July 7 – 8, 2021, GMT+12",
      "Hour Price, USD Sentiment",
      "22:00 $34,498.00 +0.750",
      "23:00 $34,499.00 +0.500",
      "00:00 $34,500.00 +0.750",
      "Change +$2.00 0.000",
    ]);
  },
);

Deno.test("renderHours() says which hour still runs, until its end", LIMITS, () => {
  const rowsAt = (now: number) =>
    rowsOf(renderHours({ answer: LIT }, contextAt(now))).filter((row) => row.includes("so far"));
  assertEquals(rowsAt(RUNNING + 3_599_999), ["12:00 so far $34,500.00 +0.750"]);
  assertEquals(rowsAt(RUNNING + 3_600_000), []);
});

Deno.test("renderHours() has no change for one hour, and nothing without hours", LIMITS, () => {
  const of = (hours: typeof LIT.hourly_average_of_averages) =>
    rowsOf(renderHours({ answer: { ...LIT, hourly_average_of_averages: hours } }, contextAt()));
  assertEquals(of(LIT.hourly_average_of_averages.slice(0, 1)), [
    "July 7, 2021, UTC",
    "Hour Price, USD Sentiment",
    "10:00 $34,498.00 +0.250",
  ]);
  assertEquals(of([]), []);
  assertEquals(rowsOf(renderHours({ trouble: "no-data" }, contextAt())), []);
});

Deno.test.each([
  { after: -1_000, age: "Just now" },
  { after: 1_999, age: "Just now" },
  { after: 2_000, age: "2 seconds ago" },
  { after: 60 * 60_000, age: "60 minutes ago" },
])("renderAge() says “$age” $after ms after the newest data", LIMITS, ({ after, age }) => {
  const rows = rowsOf(renderAge({ answer: LIT }, contextAt(AS_OF + after)));
  assertEquals(rows, [age, "July 7, 2021, 12:30 UTC"]);
});

Deno.test(
  "renderAge() without a clock says when, and that data is stale or unknown",
  LIMITS,
  () => {
    assertEquals(rowsOf(renderAge({ answer: STALE }, contextAt())), [
      "July 7, 2021, 12:30 UTC stale",
    ]);
    assertEquals(rowsOf(renderAge({ trouble: "no-data" }, contextAt())), ["Not known now"]);
  },
);
