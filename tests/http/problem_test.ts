import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/core/errors.ts";
import { toProblem } from "../../src/http/problem.ts";

Deno.test.each([
  { retryAfterMs: undefined, headers: {} },
  { retryAfterMs: 0, headers: { "retry-after": "0" } },
  { retryAfterMs: 59_001, headers: { "retry-after": "60" } },
])(
  "toProblem() says when a feed may be asked again: $retryAfterMs ms",
  ({ retryAfterMs, headers }) => {
    const error = new FeedError("unavailable", "detail", { retryAfterMs });
    assertEquals(toProblem(error)?.headers, headers);
  },
);
