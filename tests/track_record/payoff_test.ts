import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { findHourStates, type HourState } from "../../src/track_record/hour_states.ts";
import { computePayoff, type PayoffHours } from "../../src/track_record/payoff.ts";
import { computeTrackRecord } from "../../src/track_record/track_record.ts";
import { averagesFrom } from "../helpers/hourly.ts";

const LIMIT = { timeout: 60_000 };
const START = Date.UTC(2021, 6, 7);
/** Hours before the period, whose states count. */
const FROM = 2;

function hoursOf(prices: (number | undefined)[], states: HourState[]): PayoffHours {
  return { start: START, from: FROM, prices, states };
}

function timeOf(hour: number): string {
  return new Date(START + hour * HOUR_MS).toISOString();
}

/** An exact fraction. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

function toNumber({ over, under }: Fraction): number {
  const digits = 10n ** 30n;
  return Number(over * digits / under) / 1e30;
}

/** The same by exact fractions, pair by pair; the fee is in hundredths of a percent. */
function recompute({ from, prices, states }: PayoffHours, fee: number) {
  const priced = prices.flatMap((price, hour) =>
    price === undefined || hour < from ? [] : [{ price: BigInt(price), hour }]
  );
  const held = priced.slice(1).map((_, i) => states[(priced[i]?.hour ?? 0) - 2] === "lit");
  const switches = held.filter((now, i) => now !== (held[i - 1] ?? false)).length;
  let value: Fraction = {
    over: BigInt(10_000 - fee) ** BigInt(switches),
    under: 10_000n ** BigInt(switches),
  };
  for (const [i, isHeld] of held.entries()) {
    const [p, q] = [priced[i]?.price ?? 1n, priced[i + 1]?.price ?? 1n];
    if (isHeld) value = { over: value.over * q, under: value.under * p };
  }
  const [first, last] = [priced[0]?.price ?? 1n, priced.at(-1)?.price ?? 1n];
  return {
    priced: priced.length,
    hold: toNumber({ over: last, under: first }),
    litOnly: toNumber(value),
    switches,
    hoursHeld: held.filter(Boolean).length,
  };
}

const PRICE = fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined, freq: 5 });
const STATE = fc.constantFrom<HourState[]>("lit", "lit", "unlit", "unknown");
const ROWS = fc.array(fc.tuple(PRICE, STATE), { minLength: FROM, maxLength: 60 });
const FEE = fc.oneof(fc.constantFrom(0, 25, 500), fc.nat(500));

Deno.test("computePayoff() agrees with exact fractions", LIMIT, () => {
  fc.assert(fc.property(ROWS, FEE, (rows, fee) => {
    const hours = hoursOf(rows.map(([price]) => price), rows.map(([, state]) => state));
    const expected = recompute(hours, fee);
    const payoff = computePayoff(hours, fee / 100);
    if (expected.priced < 2) return assertEquals(payoff, null);
    const relative = (actual: number, exact: number) => assertAlmostEquals(actual / exact, 1, 1e-9);
    relative(payoff?.hold ?? NaN, expected.hold);
    relative(payoff?.lit_only ?? NaN, expected.litOnly);
    assertEquals([payoff?.switches, payoff?.hours_held], [expected.switches, expected.hoursHeld]);
    assertEquals(payoff?.fee_percent, fee / 100);
  }));
});

Deno.test("computePayoff() does not look ahead: later hours change no earlier value", LIMIT, () => {
  fc.assert(fc.property(ROWS, ROWS, FEE, (known, later, fee) => {
    const listed = (rows: typeof known) =>
      hoursOf(rows.map(([price]) => price), rows.map(([, state]) => state));
    const before = computePayoff(listed(known), fee / 100);
    if (before === null) return;
    const after = computePayoff(listed([...known, ...later]), fee / 100);
    assertEquals(after?.curve.slice(0, before.curve.length), before.curve);
    assertEquals(before.curve.at(-1)?.lit_only, before.lit_only);
  }));
});

Deno.test.each(
  [
    { state: "lit", fee: 0, lit_only: 2, switches: 1, hours_held: 3 },
    { state: "lit", fee: 5, lit_only: 1.9, switches: 1, hours_held: 3 },
    { state: "unlit", fee: 5, lit_only: 1, switches: 0, hours_held: 0 },
    { state: "unknown", fee: 5, lit_only: 1, switches: 0, hours_held: 0 },
  ] as const,
)(
  "computePayoff() of hours that are all $state at $fee %",
  LIMIT,
  ({ state, fee, ...expected }) => {
    const prices = [9, 9, 10, 5, 40, 20];
    const payoff = computePayoff(hoursOf(prices, prices.map(() => state)), fee);
    assertEquals({ ...payoff, curve: [] }, { fee_percent: fee, hold: 2, ...expected, curve: [] });
  },
);

Deno.test("computePayoff() lets the state of two hours before decide, over gaps too", LIMIT, () => {
  const payoff = computePayoff(
    hoursOf([undefined, undefined, 10, 20, undefined, 30, 60], [
      "unlit",
      "lit",
      "unlit",
      "unlit",
      "lit",
      "lit",
      "lit",
    ]),
    0,
  );
  // Entered at hour 3, held over the gap, left at hour 5.
  assertEquals(payoff?.curve.map(({ lit_only }) => lit_only), [1, 1, 1.5, 1.5]);
  assertEquals([payoff?.switches, payoff?.hours_held], [2, 1]);
});

Deno.test.each([
  { priced: 2, points: 2 },
  { priced: 179, points: 179 },
  { priced: 180, points: 91 },
  { priced: 181, points: 91 },
  { priced: 720, points: 145 },
])("computePayoff() draws $points points for $priced hours", LIMIT, ({ priced, points }) => {
  const prices = Array.from({ length: FROM + priced }, (_, i) => 100 + i);
  const curve = computePayoff(hoursOf(prices, []), 0)?.curve ?? [];
  assertEquals(curve.length, points);
  const step = Math.ceil(priced / 179);
  assertEquals(curve.slice(0, 2).map(({ time }) => time), [timeOf(FROM), timeOf(FROM + step)]);
  assertEquals(curve.at(-1)?.time, timeOf(FROM + priced - 1));
});

Deno.test("computePayoff() of fewer than two priced hours is null", LIMIT, () => {
  assertEquals(computePayoff(hoursOf([1, 2], []), 0), null);
  assertEquals(computePayoff(hoursOf([1, 2, 3, undefined], []), 0), null);
});

const HOURS = 30;
const VALUES = fc.array(fc.option(fc.integer({ min: 1, max: 9 }), { freq: 6, nil: undefined }), {
  minLength: HOURS,
  maxLength: HOURS,
});

Deno.test("computeTrackRecord() reads enough hours for the states before the period", LIMIT, () => {
  fc.assert(fc.property(VALUES, VALUES, (prices, sentiments) => {
    const table = {
      price: prices.map((value) => value ?? null),
      sentiment: sentiments.map((value) => value ?? null),
    };
    const options = { feed: "test", days: 1, asOf: START + HOURS * HOUR_MS };
    const { payoff } = computeTrackRecord(averagesFrom(START, table), options).record;
    // These states know more of the past than the record does.
    const states = findHourStates({ price: prices, sentiment: sentiments });
    const expected = computePayoff({ start: START, from: HOURS - 24, prices, states }, 0.25);
    assertEquals(payoff, expected);
  }));
});
