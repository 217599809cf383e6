import { assertEquals } from "@std/assert";
import { stateOf } from "../../src/summary/states.js";

Deno.test.each([
  { lit: true, stale: false, state: "lit" },
  { lit: false, stale: false, state: "unlit" },
  { lit: false, stale: true, state: "stale" },
  { lit: true, stale: true, state: "stale" },
])(
  "stateOf() is $state for lit $lit, stale $stale",
  { timeout: 60_000 },
  ({ state, ...answer }) => {
    assertEquals<string>(stateOf(answer), state);
  },
);
