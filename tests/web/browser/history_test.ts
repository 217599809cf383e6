import { assertEquals } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import {
  createHistoryPlot,
  describeHistory,
  endWith,
  SPANS,
} from "../../../src/web/browser/history.js";
import { words } from "../../../src/web/browser/words.en.js";
import { words as wordsZh } from "../../../src/web/browser/words.zh-CN.js";
import { LIT } from "../views.ts";

const LIMITS = { timeout: 60_000 };
const CONTEXT = { words, formats: createFormats("en-US", "UTC") };
const ANSWER = {
  ...LIT,
  hourly_average_of_averages: [
    { time: "2021-07-07T17:00:00.000Z", price: 34_600, sentiment: 0.25 },
  ],
};

const HISTORY = {
  bucket_seconds: 21_600,
  points: [
    { time: "2021-07-07T00:00:00.000Z", price: 34_000, sentiment: 0.5 },
    { time: "2021-07-07T12:00:00.000Z", price: 35_000.5, sentiment: -0.25 },
    { time: "2021-07-07T18:00:00.000Z", price: 34_500, sentiment: null },
  ],
};

function plotOf({ hours: length }: { hours: number } = { hours: 24 }) {
  const span = SPANS.find((span) => span.hours === length);
  if (span === undefined) throw new Error(`Cannot find a span of ${length} hours`);
  return createHistoryPlot(HISTORY, { span, answer: ANSWER }, CONTEXT);
}

Deno.test("createHistoryPlot() covers 24 hours up to the newest point, with gaps", LIMITS, () => {
  const { times, metrics } = plotOf();
  const midnight = Date.UTC(2021, 6, 7) / 1_000;
  assertEquals(times, [0, 1, 2, 3].map((i) => midnight + i * 21_600));
  assertEquals(metrics.map(({ name }) => name), ["price", "sentiment"]);
  assertEquals(metrics.map(({ part }) => part), [
    { bottom: 0.5, top: 1 },
    { bottom: 0, top: 0.32 },
  ]);
  assertEquals(metrics.map(({ title }) => title), ["Price, USD", "Sentiment, −1 to 1"]);
  assertEquals(metrics.map(({ end, label }) => [end(1_234.5), label(1_234.5)]), [
    ["$1,235", "1,234.5"],
    ["+1,234.500", "+1,234.5"],
  ]);
  assertEquals(metrics.map(({ values }) => values), [
    [34_000, null, 35_000.5, 34_500],
    [0.5, null, -0.25, null],
  ]);
});

Deno.test.each([
  { bucket_seconds: 900, maxGapSeconds: 3_600 },
  { bucket_seconds: 14_400, maxGapSeconds: 14_400 },
])(
  "createHistoryPlot() joins points of $bucket_seconds s up to $maxGapSeconds s",
  LIMITS,
  (row) => {
    const history = { ...HISTORY, bucket_seconds: row.bucket_seconds };
    const plot = createHistoryPlot(history, { span: SPANS[0], answer: ANSWER }, CONTEXT);
    assertEquals(plot.maxGapSeconds, row.maxGapSeconds);
  },
);

Deno.test("SPANS offer a day by 15 minutes, a week by hours, a month by four", LIMITS, () => {
  assertEquals(SPANS, [
    { name: "24h", hours: 24, bucket: "15m" },
    { name: "7d", hours: 168, bucket: "1h" },
    { name: "30d", hours: 720, bucket: "4h" },
  ]);
});

Deno.test("createHistoryPlot() has each compared hour as a band with its averages", LIMITS, () => {
  const from = Date.UTC(2021, 6, 7, 17) / 1_000;
  assertEquals(plotOf().bands, [{ from, to: from + 3_600, averages: [34_600, 0.25] }]);
  for (const hours of [168, 720]) assertEquals(plotOf({ hours }).bands, []);
});

Deno.test("createHistoryPlot() shows a day's sentiment in its own range", LIMITS, () => {
  const [, day] = plotOf().metrics;
  assertEquals([day?.scaled, day?.hasArea], [[0.5, null, -0.25, null], false]);
});

Deno.test("createHistoryPlot() shows several days' sentiment against zero", LIMITS, () => {
  for (const hours of [168, 720]) {
    const [, days] = plotOf({ hours }).metrics;
    assertEquals([days?.scaled?.at(-1), days?.hasArea], [0, true]);
  }
});

Deno.test(
  "endWith() replaces each metric's newest value by that of a finer history",
  LIMITS,
  () => {
    const time = "2021-07-07T18:15:00.000Z";
    const finer = {
      bucket_seconds: 900,
      points: [
        { time: "2021-07-07T18:00:00.000Z", price: 1, sentiment: -0.3 },
        { time, price: 34_700, sentiment: null },
      ],
    };
    const { bucket_seconds, points } = endWith(HISTORY, finer);
    assertEquals(bucket_seconds, HISTORY.bucket_seconds);
    assertEquals(points.map(({ price }) => price), [34_000, 35_000.5, 34_700]);
    assertEquals(points.map(({ sentiment }) => sentiment), [0.5, -0.3, null]);
    assertEquals(points.map(({ time }) => time), HISTORY.points.map(({ time }) => time));
    assertEquals(endWith(HISTORY, { ...finer, points: [] }), HISTORY);
    assertEquals(endWith({ ...HISTORY, points: [] }, finer).points, []);
  },
);

Deno.test.each(SPANS.map((span) => ({ span, name: span.name })))(
  "createHistoryPlot() covers $name",
  LIMITS,
  ({ span }) => {
    const { times } = plotOf(span);
    assertEquals(times.length, span.hours / 6);
    assertEquals((times[1] ?? 0) - (times[0] ?? 0), 21_600);
  },
);

Deno.test("createHistoryPlot() describes a point, over several days with its day", LIMITS, () => {
  assertEquals(plotOf().describe(2), "12:00: price $35,000.50, sentiment −0.250");
  assertEquals(plotOf({ hours: 168 }).describe(27), "Jul 7, 18:00: price $34,500.00, sentiment –");
});

Deno.test("describeHistory() describes range and end of both metrics", LIMITS, () => {
  assertEquals(
    describeHistory(HISTORY, ANSWER, CONTEXT),
    "The price was between $34,000 and $35,001 and is at $34,500. " +
      "Sentiment was between −0.250 and +0.500 and is at −0.250.",
  );
});

Deno.test.each([
  {
    words,
    text: "The price was between $34,000 and $35,001 and was at $34,500 on Jul 7, 18:24. " +
      "Sentiment was between −0.250 and +0.500 and was at −0.250.",
  },
  {
    words: wordsZh,
    text: "价格在 $34,000 到 $35,001 之间，截至 Jul 7, 18:24 为 $34,500；" +
      "情绪在 −0.250 到 +0.500 之间，当时为 −0.250。",
  },
])("describeHistory() says when stale data ends, in $words.locale", LIMITS, ({ words, text }) => {
  const answer = { ...ANSWER, stale: true, as_of: "2021-07-07T18:24:00.000Z" };
  assertEquals(describeHistory(HISTORY, answer, { ...CONTEXT, words }), text);
});

Deno.test("describeHistory() returns nothing if a metric has no value", LIMITS, () => {
  const points = HISTORY.points.map((point) => ({ ...point, sentiment: null }));
  assertEquals(describeHistory({ ...HISTORY, points: [...points] }, ANSWER, CONTEXT), undefined);
});

Deno.test.each([
  { points: [], what: "no point" },
  { points: HISTORY.points.slice(0, 1), what: "one point" },
  {
    points: [0, 59].map((minute) => ({
      time: `2021-07-07T00:${minute || "00"}:59Z`,
      price: 1,
      sentiment: 1,
    })),
    what: "a minute less than an hour",
  },
  {
    points: HISTORY.points.map((point, i) => ({
      ...point,
      time: `2021-07-07T00:${15 * i || "00"}:00Z`,
    })),
    what: "less than an hour",
  },
])("describeHistory() returns nothing for $what", LIMITS, ({ points }) => {
  assertEquals(describeHistory({ ...HISTORY, points: [...points] }, ANSWER, CONTEXT), undefined);
});
