import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../src/feeds/retry_after.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

Deno.test.each([
  { given: "nothing", value: null, ms: undefined },
  { given: "seconds", value: "120", ms: 120_000 },
  { given: "zero seconds", value: "0", ms: 0 },
  { given: "a date", value: "Fri, 02 Jan 2026 12:00:30 GMT", ms: 30_000 },
  { given: "a date that is past", value: "Fri, 02 Jan 2026 11:00:00 GMT", ms: 0 },
  { given: "words", value: "soon", ms: undefined },
  { given: "a year of seconds", value: "31536000", ms: 3_600_000 },
  { given: "a date next year", value: "Sat, 02 Jan 2027 12:00:00 GMT", ms: 3_600_000 },
])("parseRetryAfter() understands $given", { timeout: 5_000 }, ({ value, ms }) => {
  assertEquals(parseRetryAfter(value, NOW), ms);
});
