import { assertEquals } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";

const LIMITS = { timeout: 60_000 };
const EVENING = "2021-07-07T22:30:00.000Z";
const EN = createFormats("en-US", "UTC");
const ZH = createFormats("zh-CN", "UTC");

Deno.test.each([
  { seconds: 2, en: "2 seconds ago", zh: "2 秒钟前" },
  { seconds: 119.9, en: "119 seconds ago", zh: "119 秒钟前" },
  { seconds: 120, en: "2 minutes ago", zh: "2 分钟前" },
  { seconds: 5_399, en: "89 minutes ago", zh: "89 分钟前" },
  { seconds: 6_240, en: "2 hours ago", zh: "2 小时前" },
  { seconds: 19_380, en: "5 hours ago", zh: "5 小时前" },
  { seconds: 86_400, en: "24 hours ago", zh: "24 小时前" },
  { seconds: 172_800, en: "2 days ago", zh: "2 天前" },
  { seconds: 5 * 31_557_600, en: "5 years ago", zh: "5 年前" },
])("age() formats $seconds as $en and $zh", LIMITS, ({ seconds, en, zh }) => {
  assertEquals([EN.age(seconds), ZH.age(seconds)], [en, zh]);
});

Deno.test("price() formats dollars and cents", LIMITS, () => {
  assertEquals([EN.price(34_554.147), ZH.price(34_554.147)], ["$34,554.15", "US$34,554.15"]);
});

Deno.test("sentiment() has a sign, and no minus before zero", LIMITS, () => {
  assertEquals([0.2992, -1, -0.0001].map(EN.sentiment), ["+0.299", "−1.000", "0.000"]);
});

Deno.test.each([
  { first: 100.004, last: 144.936, change: "+$44.94" },
  { first: 144.936, last: 100.004, change: "−$44.94" },
  { first: 100.001, last: 100.004, change: "$0.00" },
  { first: 0.51, last: 1.49, change: "+$0.98" },
])("priceChange() of $first and $last is the difference of what is shown", LIMITS, (row) => {
  assertEquals(EN.priceChange(row.first, row.last), row.change);
});

Deno.test("sentimentChange() is the difference of what is shown", LIMITS, () => {
  const [first, last] = [0.3185, 0.4184];
  assertEquals([EN.sentiment(first), EN.sentiment(last)], ["+0.319", "+0.418"]);
  assertEquals(EN.sentimentChange(first, last), "+0.099");
  assertEquals(EN.sentimentChange(0.3, -0.3), "−0.600");
});

Deno.test("priceLabel() and sentimentLabel() are short", LIMITS, () => {
  assertEquals([61_500, 0.25].map(EN.priceLabel), ["61,500", "0.25"]);
  assertEquals([-0.2, 0, 0.4].map(EN.sentimentLabel), ["−0.2", "0", "+0.4"]);
});

Deno.test("time() and zone() are those of the time zone", LIMITS, () => {
  assertEquals([EN.time(EVENING), EN.zone(EVENING)], ["22:30", "UTC"]);
  assertEquals(createFormats("en-US", "Asia/Kathmandu").time(EVENING), "04:15");
  assertEquals(createFormats("en-US", "America/New_York").zone(EVENING), "EDT");
});

Deno.test("days() names both days of hours that cross midnight", LIMITS, () => {
  assertEquals([EN.days(EVENING, EVENING), ZH.days(EVENING, EVENING)], [
    "July 7, 2021",
    "2021年7月7日",
  ]);
  const days = EN.days(EVENING, "2021-07-08T00:30:00.000Z");
  assertEquals(days.replace(/\s/g, " "), "July 7 – 8, 2021");
  assertEquals(ZH.days(EVENING, "2021-07-08T00:30:00.000Z"), "2021年7月7日—8日");
  assertEquals(ZH.days(EVENING, "2021-08-01T00:30:00.000Z"), "2021年7月7日—8月1日");
});

Deno.test.each([
  { minutes: 0.5, en: "1 minute", zh: "1 分钟" },
  { minutes: 59.9, en: "59 minutes", zh: "59 分钟" },
  { minutes: 60, en: "1 hour", zh: "1 小时" },
  { minutes: 47 * 60, en: "47 hours", zh: "47 小时" },
  { minutes: 48 * 60, en: "2 days", zh: "2 天" },
])("duration() formats $minutes minutes as $en and $zh", LIMITS, ({ minutes, en, zh }) => {
  assertEquals([EN, ZH].map(({ duration }) => duration(minutes * 60_000)), [en, zh]);
});
