import { assertEquals } from "@std/assert";
import { parseRetryAfter } from "../../src/core/retry_after.ts";

const NOW = Date.UTC(2021, 6, 7, 12);

Deno.test.each([
  { value: "90", expected: 90_000 },
  { value: "Wed, 07 Jul 2021 12:00:30 GMT", expected: 30_000 },
  { value: "Wed, 07 Jul 2021 11:00:00 GMT", expected: 0 },
  { value: "86400", expected: 600_000 },
  { value: "soon", expected: undefined },
  { value: null, expected: undefined },
])(
  "parseRetryAfter() parses $value to $expected ms of at most 600000",
  { timeout: 10_000 },
  ({ value, expected }) => {
    assertEquals(parseRetryAfter(value, NOW, 600_000), expected);
  },
);
