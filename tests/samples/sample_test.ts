import { assertEquals } from "@std/assert";
import { isPlausible, type Metric } from "../../src/samples/sample.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const FIVE_MINUTES_MS = 5 * 60_000;

Deno.test.each<{ metric: Metric; value: number; plausible: boolean }>([
  { metric: "price", value: 0.01, plausible: true },
  { metric: "price", value: 1e9, plausible: true },
  { metric: "price", value: 1e9 + 1, plausible: false },
  { metric: "price", value: 1e300, plausible: false },
  { metric: "price", value: Infinity, plausible: false },
  { metric: "price", value: NaN, plausible: false },
  { metric: "price", value: 0, plausible: false },
  { metric: "price", value: -1, plausible: false },
  { metric: "sentiment", value: 1, plausible: true },
  { metric: "sentiment", value: -1, plausible: true },
  { metric: "sentiment", value: 1.001, plausible: false },
  { metric: "sentiment", value: -1.001, plausible: false },
  { metric: "sentiment", value: NaN, plausible: false },
])("isPlausible() of a $metric of $value is $plausible", { timeout: 60_000 }, (row) => {
  const { metric, value, plausible } = row;
  assertEquals(isPlausible({ metric, timestamp: NOW, value }, NOW), plausible);
});

Deno.test.each([
  { time: "now", timestamp: NOW, plausible: true },
  { time: "5 minutes ahead", timestamp: NOW + FIVE_MINUTES_MS, plausible: true },
  { time: "more than 5 minutes ahead", timestamp: NOW + FIVE_MINUTES_MS + 1, plausible: false },
  { time: "2009", timestamp: Date.UTC(2009, 0, 1), plausible: true },
  { time: "before 2009", timestamp: Date.UTC(2009, 0, 1) - 1, plausible: false },
  { time: "now in seconds", timestamp: NOW / 1_000, plausible: false },
  { time: "now in microseconds", timestamp: NOW * 1_000, plausible: false },
  { time: "a fraction of a millisecond", timestamp: NOW - 0.5, plausible: false },
])("isPlausible() of the time $time is $plausible", { timeout: 60_000 }, (row) => {
  const { timestamp, plausible } = row;
  assertEquals(isPlausible({ metric: "price", timestamp, value: 1 }, NOW), plausible);
});
