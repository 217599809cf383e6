import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Batch } from "../../src/feeds/feed.ts";
import { createLive } from "../../src/feeds/live.ts";
import { feedOptions, fetchBatch } from "../helpers/feeds.ts";
import {
  type Exchange,
  EXCHANGES,
  type LiveSources,
  serveSources,
  type TimedValue,
  urlsOf,
} from "../helpers/live_sources.ts";
import { lag, lie, refuse } from "../helpers/source_faults.ts";

const NOW = Date.UTC(2026, 0, 2, 12, 37, 20);
const MINUTE_MS = 60_000;
const NEWEST = Date.UTC(2026, 0, 2, 12, 36);
const TIME_LIMIT = { timeout: 60_000 };

function liveAt(sources: LiveSources) {
  return createLive(feedOptions({
    ...urlsOf(sources),
    now: () => NOW,
    bounds: { timeoutMs: 3_000 },
  }));
}

/** The batch after `inflict` has changed the answers of some sources. */
async function fetchWith(inflict: (sources: LiveSources) => void): Promise<Batch> {
  await using sources = serveSources(NOW);
  inflict(sources);
  return await fetchBatch(liveAt(sources), NOW);
}

function pricesOf({ samples }: Batch): Map<number, number> {
  const prices = samples.filter(({ metric }) => metric === "price");
  return new Map(prices.map(({ timestamp, value }) => [timestamp, value]));
}

function assertStored({ samples }: Batch, metric: string, expected: readonly TimedValue[]): void {
  const actual = samples.filter((sample) => sample.metric === metric);
  assertEquals(actual.map(({ timestamp }) => timestamp), expected.map(({ time }) => time));
  for (const [i, { value }] of actual.entries()) {
    assertAlmostEquals(value, expected[i]?.value ?? NaN, 1e-9 * Math.abs(value));
  }
}

Deno.test(
  "combine() returns medians and settled ratios from a full hour on",
  TIME_LIMIT,
  async () => {
    await using sources = serveSources(NOW);
    const batch = await fetchBatch(liveAt(sources), NOW);
    assertStored(batch, "price", sources.price);
    assertStored(batch, "sentiment", sources.sentiment);
    assertEquals([batch.rejected, batch.degraded], [0, false]);
    assertEquals(sources.price[0]?.time, Date.UTC(2026, 0, 2));
    assertEquals(sources.price.at(-1)?.time, NEWEST);
  },
);

Deno.test("combine() of the backfill returns 30 days of hours", TIME_LIMIT, async () => {
  await using sources = serveSources(NOW);
  const { backfill } = liveAt(sources);
  if (backfill === undefined) throw new Error("live has no backfill");
  const batch = await fetchBatch(backfill, NOW);
  assertStored(batch, "price", sources.hourlyPrice);
  assertStored(batch, "sentiment", sources.hourlySentiment);
  assertEquals([batch.rejected, sources.hourlyPrice.length], [0, 720]);
  assertEquals(backfill.sources.map(({ name }) => name), ["kraken", "bitstamp", "okx"]);
});

const FAULTS: [string, (sources: LiveSources, name: Exchange) => void][] = [
  ["answers 429", ({ respond }, name) => respond[name] = () => new Response("", { status: 429 })],
  ["answers 500", ({ respond }, name) => respond[name] = refuse],
  ["answers garbage", ({ respond }, name) => respond[name] = () => new Response("<!doctype html>")],
  ["stalls", ({ respond }, name) => respond[name] = () => new Promise(() => {})],
  ["is 50 % too high", lie],
  ["is five minutes behind", (sources, name) => lag(sources, name, NOW)],
];

Deno.test.each(
  EXCHANGES.flatMap((name) => FAULTS.map(([fault, inflict]) => ({ name, fault, inflict }))),
)("combine() stays fresh, and with the others, when $name $fault", TIME_LIMIT, async (row) => {
  const { name, inflict } = row;
  await using sources = serveSources(NOW);
  inflict(sources, name);
  const batch = await fetchBatch(liveAt(sources), NOW);
  const prices = pricesOf(batch);
  assertEquals([batch.degraded, Math.max(...prices.keys())], [false, NEWEST]);
  const honest = EXCHANGES.filter((one) => one !== name || inflict !== lie);
  for (const { time } of sources.price) {
    const closes = honest.flatMap((one) => sources.closes[one].get(time) ?? []);
    const price = prices.get(time);
    if (price === undefined) {
      const others = EXCHANGES.filter((other) => other !== name);
      const isCovered = others.every((other) => sources.closes[other].has(time));
      assert(!isCovered || time < Math.min(...prices.keys()), `no price at ${time}`);
    } else if (closes.length > 0) {
      assert(price >= Math.min(...closes), `${price} at ${time} is too low`);
      assert(price <= Math.max(...closes), `${price} at ${time} is too high`);
    }
  }
});

Deno.test("combine() is degraded when two exchanges are away", TIME_LIMIT, async () => {
  const batch = await fetchWith(({ respond }) => respond.kraken = respond.coinbase = refuse);
  const newest = Math.max(...pricesOf(batch).keys());
  assertEquals([batch.degraded, newest], [true, NEWEST - 3 * MINUTE_MS]);
});

Deno.test(
  "combine() returns sentiment without prices, and prices without sentiment",
  TIME_LIMIT,
  async () => {
    const noPrice = await fetchWith(({ respond }) => {
      respond.kraken = respond.coinbase = respond.bitstamp = refuse;
    });
    const noSentiment = await fetchWith(({ respond }) => respond.okx = refuse);
    assertEquals(new Set(noPrice.samples.map(({ metric }) => metric)), new Set(["sentiment"]));
    assertEquals(new Set(noSentiment.samples.map(({ metric }) => metric)), new Set(["price"]));
  },
);

Deno.test("combine() adds up rejected rows and contradicting minutes", TIME_LIMIT, async () => {
  await using sources = serveSources(NOW);
  const { respond, closes } = sources;
  respond.bitstamp = refuse;
  respond.okx = () => Response.json({ code: "0", data: [[`${NEWEST - 3_600_000}`, "1"], ["x"]] });
  lie(sources, "coinbase");
  const { rejected } = await fetchBatch(liveAt(sources), NOW);
  const shared = [...closes.coinbase.keys()].filter((time) => closes.kraken.has(time));
  assertEquals(rejected, shared.length + 1);
});
