import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { wilsonInterval } from "../../src/track_record/horizon.ts";

const LIMIT = { timeout: 60_000 };

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
Deno.test.each([
  { successes: 81, trials: 263, low: 0.2553, high: 0.3662 },
  { successes: 15, trials: 148, low: 0.0624, high: 0.1605 },
  { successes: 0, trials: 20, low: 0, high: 0.1611 },
  { successes: 1, trials: 29, low: 0.0061, high: 0.1718 },
])(
  "wilsonInterval() agrees with the published $successes of $trials",
  LIMIT,
  ({ successes, trials, low, high }) => {
    const interval = wilsonInterval(successes, trials);
    assertAlmostEquals(interval.low, low, 0.000_05);
    assertAlmostEquals(interval.high, high, 0.000_05);
  },
);

const SHARE = fc.integer({ min: 1, max: 5_000 }).chain((trials) =>
  fc.record({ trials: fc.constant(trials), successes: fc.integer({ min: 0, max: trials }) })
);

Deno.test("wilsonInterval() ends where the score test just fails to reject", LIMIT, () => {
  fc.assert(fc.property(SHARE, ({ successes, trials }) => {
    const share = successes / trials;
    for (const end of Object.values(wilsonInterval(successes, trials))) {
      const squaredScore = trials * (share - end) ** 2;
      assertAlmostEquals(squaredScore, 1.959963984540054 ** 2 * end * (1 - end), 1e-9);
    }
  }));
});

Deno.test("wilsonInterval() holds the share, and stays exactly within 0 and 1", LIMIT, () => {
  fc.assert(fc.property(SHARE, ({ successes, trials }) => {
    const { low, high } = wilsonInterval(successes, trials);
    assert(0 <= low && low <= successes / trials && successes / trials <= high && high <= 1);
    assertEquals([low === 0, high === 1], [successes === 0, successes === trials]);
  }));
});
