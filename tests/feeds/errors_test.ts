import { assertEquals } from "@std/assert";
import { FeedError, misshapen, quote } from "../../src/feeds/errors.ts";

const TIME_LIMIT = { timeout: 5_000 };

Deno.test.each([
  { said: "busy", quoted: "busy" },
  { said: ["EGeneral:Too many requests"], quoted: '["EGeneral:Too many requests"]' },
  { said: [1, 2, 3, 4, 5, 6], quoted: "[1,2,3,4,5]" },
  { said: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, quoted: '{"a":1,"b":2,"c":3,"d":4,"e":5}' },
  { said: [[[[1]]]], quoted: '[[["…"]]]' },
  { said: { a: { b: { c: { d: 1 } } } }, quoted: '{"a":{"b":{"c":"…"}}}' },
  { said: null, quoted: "null" },
])("quote() quotes $quoted", TIME_LIMIT, ({ said, quoted }) => {
  assertEquals(quote(said), quoted);
});

Deno.test("quote() keeps 500 characters, however long the parts are", TIME_LIMIT, () => {
  for (const said of ["x".repeat(501), ["x".repeat(501)], { ["x".repeat(501)]: 1 }]) {
    assertEquals(quote(said).length, 500);
  }
});

Deno.test.each([
  { options: {}, isRetriable: true },
  { options: { retryAfterMs: 0 }, isRetriable: false },
  { options: { isFinal: true }, isRetriable: false },
])(
  "FeedError with $options: isRetriable is $isRetriable",
  TIME_LIMIT,
  ({ options, isRetriable }) => {
    assertEquals(new FeedError("timeout", "slow", options).isRetriable, isRetriable);
  },
);

Deno.test("misshapen() names the source and keeps the cause", TIME_LIMIT, () => {
  const { fault, message, cause } = misshapen("OKX", "why");
  assertEquals([fault, message, cause], ["invalid", "OKX's answer has another shape", "why"]);
});
