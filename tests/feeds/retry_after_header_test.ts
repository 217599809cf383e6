import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../src/feeds/retry_after.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

Deno.test.each([
  { given: "seconds", value: "120", ms: 120_000 },
  { given: "zero seconds", value: "0", ms: 0 },
  { given: "a fraction", value: "45.2", ms: 46_000 },
  { given: "a fraction that V8 reads as a day", value: "12.5", ms: 13_000 },
  { given: "a fraction of zero", value: "60.0", ms: 60_000 },
  { given: "a date", value: "Fri, 02 Jan 2026 12:00:30 GMT", ms: 30_000 },
  { given: "a date of RFC 850", value: "Friday, 02-Jan-26 12:00:30 GMT", ms: 30_000 },
  { given: "a date of asctime", value: "Fri Jan  2 12:00:30 2026", ms: 30_000 },
  { given: "a past date", value: "Fri, 02 Jan 2026 11:00:00 GMT", ms: 0 },
])("parseRetryAfter() parses $given", { timeout: 60_000 }, ({ value, ms }) => {
  assertEquals(parseRetryAfter(value, NOW), ms);
});

Deno.test.each([
  { value: "31536000" },
  { value: "315360000.5" },
  { value: "9".repeat(400) },
  { value: "Sat, 02 Jan 2027 12:00:00 GMT" },
])("parseRetryAfter() is an hour at most for $value", { timeout: 60_000 }, ({ value }) => {
  assertEquals(parseRetryAfter(value, NOW), 3_600_000);
});

Deno.test.each([
  { value: null },
  { value: "" },
  { value: "soon" },
  { value: "-1" },
  { value: "-45.2" },
  { value: "+60" },
  { value: "1e3" },
  { value: "0x3c" },
  { value: "60s" },
  { value: "60, 120" },
  { value: "45." },
  { value: "Infinity" },
  { value: "2026-01-02T12:00:30Z" },
  { value: "Fri, 02 Jan 2026 12:00:30 +0000" },
  { value: "Fri, 99 Jan 2026 12:00:30 GMT" },
])("parseRetryAfter() takes $value for a missing header", { timeout: 60_000 }, ({ value }) => {
  assertEquals(parseRetryAfter(value, NOW), undefined);
});
