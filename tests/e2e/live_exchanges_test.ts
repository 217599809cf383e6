import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { type Exchange, type LiveSources, trendAt } from "../helpers/live_sources.ts";
import { changeRows, freeze, halt, refuse } from "../helpers/source_faults.ts";
import { createLiveService, LIVE_NOW, type LiveTestbed, startLive } from "./live.ts";
import { readAnswer } from "./requests.ts";

const TIME_LIMIT = { timeout: 60_000 };
const BUCKET_MS = 5 * MINUTE_MS;

/** What is stored in a series, by time. */
async function readSeries({ store }: LiveTestbed, metric: string): Promise<Map<number, number>> {
  using redis = await RespClient.connect(store.port);
  const reply = await redis.call("TS.RANGE", `is-bitcoin-lit:live:${metric}`, "-", "+");
  const points = [...reply.matchAll(/:(\d+)\r\n\+(\S+)/g)];
  return new Map(points.map(([, time, value]) => [Number(time), Number(value)]));
}

async function tickEachMinute(live: LiveTestbed, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    live.advance(MINUTE_MS);
    await live.service.tick();
  }
}

Deno.test(
  "a pause belongs to the source: its backfill, other instances and the next start keep to it",
  TIME_LIMIT,
  async () => {
    await using live = startLive(({ respond }) => {
      respond.kraken = () =>
        new Response("slow down", { status: 429, headers: { "retry-after": "600" } });
    });
    const { service, sources, store } = live;
    await service.tick();
    assertEquals(sources.kraken.requests, 1);
    const clock = { now: () => live.now(), elapsed: () => live.now() };
    for (const _ of ["another instance", "after a restart"]) {
      live.advance(MINUTE_MS);
      await using other = createLiveService(sources, store.url, clock);
      await other.tick();
      assertEquals(sources.kraken.requests, 1);
    }
    live.advance(8 * MINUTE_MS);
    await service.tick();
    // The minutes' request ends the pause with a new one: the backfill keeps to that.
    assertEquals(sources.kraken.requests, 2);
  },
);

Deno.test.each([
  { fault: "a ban", inflict: ban },
  { fault: "frozen minutes", inflict: (sources: LiveSources) => freeze(sources, "kraken") },
  { fault: "a halt", inflict: (sources: LiveSources) => halt(sources, "kraken", LIVE_NOW) },
])("an exchange with $fault is asked once a tick", TIME_LIMIT, async ({ inflict }) => {
  await using live = startLive();
  const { service, sources } = live;
  await service.tick();
  inflict(sources);
  await tickEachMinute(live, 12);
  const before = sources.kraken.requests;
  await tickEachMinute(live, 2);
  assertEquals(sources.kraken.requests - before, 2);
});

function ban({ respond }: LiveSources): void {
  respond.kraken = () => new Response("<h1>Sorry, you have been blocked", { status: 403 });
}

Deno.test(
  "a halted market is no quote: the price is that of the one that trades, or of none",
  TIME_LIMIT,
  async () => {
    await using live = startLive();
    const { service, sources } = live;
    await service.tick();
    halt(sources, "kraken", LIVE_NOW);
    sources.respond.coinbase = refuse;
    await tickEachMinute(live, 10);
    const prices = await readSeries(live, "price");
    const since = [...prices].filter(([time]) => time >= LIVE_NOW);
    assertEquals(since.length, 6);
    for (const [time, price] of since) assertAlmostEquals(price, trendAt(time) - 21.3, 0.1);

    halt(sources, "bitstamp", LIVE_NOW + 10 * MINUTE_MS);
    await tickEachMinute(live, 10);
    const later = [...await readSeries(live, "price")].filter(([time]) =>
      time >= LIVE_NOW + 10 * MINUTE_MS
    );
    assertEquals(later, []);
  },
);

Deno.test.each([{ away: "bitstamp" }, { away: "no exchange" }])(
  "a stray trade spoils no hour of the first start, and loses none, with $away away",
  TIME_LIMIT,
  async ({ away }) => {
    const hour = Math.floor(LIVE_NOW / HOUR_MS) * HOUR_MS - 20 * HOUR_MS;
    await using live = startLive((sources) => {
      stray(sources, "kraken", hour);
      if (away === "bitstamp") sources.respond.bitstamp = refuse;
    });
    await live.service.tick();
    const prices = await readSeries(live, "price");
    assertAlmostEquals((prices.get(hour) ?? NaN) / trendAt(hour), 1, 0.001);
  },
);

/** Lets one trade at 100 dollars be the low of the candle at a time (Unix ms). */
function stray(sources: LiveSources, name: Exchange, time: number): void {
  changeRows(
    sources,
    name,
    (rows) =>
      rows.map((row) => Array.isArray(row) && row[0] === time / 1_000 ? row.with(3, "100.0") : row),
  );
}

Deno.test("a day without OKX: fresh by Bybit, at OKX's level", TIME_LIMIT, async () => {
  await using live = startLive();
  const { service, sources } = live;
  await service.tick();
  assertEquals(sources.bybit.requests, 0);
  sources.respond.okx = refuse;
  await tickEachMinute(live, 2);
  assertEquals(await readDegraded(live), undefined);
  assertEquals(sources.bybit.requests <= 1, true);

  await tickEachMinute(live, 28);
  const { stale } = await readAnswer(service.request);
  assertEquals([stale, await readDegraded(live)], [false, true]);
  const { sources: health } = await (await service.request("/readyz")).json();
  const bybit = health.find(({ source }: { source: string }) => source === "bybit");
  assert(Date.parse(bybit?.last_success) > LIVE_NOW);
  assertEquals(sources.bybit.requests, 5);
  const metrics = await (await service.request("/metrics")).text();
  assert(/^is_bitcoin_lit_degraded(\{.*\})? 1$/m.test(metrics));

  await eventually(async () => {
    const page = await service.request("/?lang=en");
    return (await page.text()).includes("Some of its sources are away now");
  });

  const spliced = [...await readSeries(live, "sentiment")].filter(([time]) =>
    time > (sources.sentiment.at(-1)?.time ?? 0)
  );
  assertEquals(spliced.length, 5);
  for (const [time, value] of spliced) {
    const ratio = 1.5 + Math.sin(time / (2 * HOUR_MS));
    assertAlmostEquals(value, (ratio - 1) / (ratio + 1), 0.05);
    assertEquals(time % BUCKET_MS, 0);
  }
});

async function readDegraded({ service }: LiveTestbed): Promise<boolean | undefined> {
  return (await (await service.request("/readyz")).json()).degraded;
}

Deno.test("OKX away at the very first start leaves no data", TIME_LIMIT, async () => {
  await using live = startLive(({ respond }) => respond.okx = refuse);
  await live.service.tick();
  const response = await live.service.request("/is-bitcoin-lit");
  assertEquals([response.status, (await response.json()).type], [503, "/docs/problems#no-data"]);
});
