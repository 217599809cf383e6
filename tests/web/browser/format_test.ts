import { assertEquals } from "@std/assert";
import {
  formatAge,
  formatDays,
  formatPrice,
  formatPriceChange,
  formatSentiment,
  formatTime,
  formatZone,
} from "../../../src/web/browser/format.js";

const EVENING = "2021-07-07T22:30:00.000Z";

Deno.test.each([
  { seconds: -3, age: "Just now" },
  { seconds: 1.9, age: "Just now" },
  { seconds: 2, age: "2 seconds ago" },
  { seconds: 119, age: "119 seconds ago" },
  { seconds: 120, age: "2 minutes ago" },
  { seconds: 7_199, age: "119 minutes ago" },
  { seconds: 86_400, age: "24 hours ago" },
  { seconds: 172_800, age: "2 days ago" },
  { seconds: 5 * 31_557_600, age: "5 years ago" },
])("formatAge() says $age", ({ seconds, age }) => assertEquals(formatAge(seconds), age));

Deno.test("formatPrice() and formatPriceChange() are in dollars and cents", () => {
  assertEquals(formatPrice(34_554.147), "$34,554.15");
  assertEquals([44.93, -44.93, 0].map(formatPriceChange), ["+$44.93", "−$44.93", "$0.00"]);
});

Deno.test("formatSentiment() has a sign, and no minus before zero", () => {
  assertEquals([0.2992, -1, -0.0001].map(formatSentiment), ["+0.299", "−1.000", "0.000"]);
});

Deno.test("formatTime() and formatZone() are the reader's", () => {
  assertEquals([formatTime(EVENING, "UTC"), formatZone(EVENING, "UTC")], ["22:30", "UTC"]);
  assertEquals(formatTime(EVENING, "Asia/Kathmandu"), "04:15");
  assertEquals(formatZone(EVENING, "America/New_York"), "EDT");
});

Deno.test("formatDays() names both days where the hours cross midnight", () => {
  assertEquals(formatDays(EVENING, EVENING, "UTC"), "July 7, 2021");
  const days = formatDays(EVENING, "2021-07-08T00:30:00.000Z", "UTC");
  assertEquals(days.replace(/\s/g, " "), "July 7 – 8, 2021");
});
