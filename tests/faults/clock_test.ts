import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { createForwardTime } from "../../src/samples/clock.ts";
import { HISTORY } from "../../src/history/wire.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { createLiveService } from "../e2e/live.ts";
import { createTestClock } from "../helpers/clock.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveSources } from "../helpers/live_sources.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { createTestService } from "../helpers/service.ts";
import { refuse } from "../helpers/source_faults.ts";
import { PREFIX } from "./testbed.ts";

const TICK_MS = 60_000;

Deno.test(
  "Service.tick() goes on when the clock steps back an hour",
  { timeout: 60_000 },
  async () => {
    const clock = createTestClock();
    const time = () => clock.trueNow();
    await using store = startEmbeddedRedis({ now: time });
    await using feed = serveLocally(() =>
      Response.json([{ timestamp: time() / 1_000, btc_price: "34500", mean: 0.5 }])
    );
    await using service = createTestService({
      redis: { url: store.url, prefix: PREFIX },
      feed: createSentiCrypt(
        feedOptions({ sentimentApiUrl: feed.url, now: createForwardTime(clock) }),
      ),
      clock,
    });
    async function tick() {
      clock.advance(TICK_MS);
      await service.tick();
      const response = await service.request("/is-bitcoin-lit");
      const { as_of: asOf, stale } = await response.json();
      assertEquals([response.status, asOf, stale], [200, new Date(time()).toISOString(), false]);
    }

    await tick();
    clock.skewMs = -HOUR_MS;
    for (let ticks = 0; ticks < 5; ticks++) await tick();
    assertEquals(feed.requests, 6);
    const refreshed = service.log.lines.filter(({ message }) => message === "refreshed");
    assertEquals(
      refreshed.map(({ fields }) => [fields.stored, fields.rejected]),
      Array.from({ length: 6 }, () => [2, 0]),
    );
  },
);

Deno.test(
  "Service.tick() stores prices when a clock that was an hour ahead at the start is set right",
  { timeout: 60_000 },
  async () => {
    const clock = createTestClock(HOUR_MS);
    const time = () => clock.trueNow();
    await using store = startEmbeddedRedis({ now: time });
    await using sources = serveSources(time);
    await using service = createLiveService(sources, store.url, clock);
    // The price rests on Bitstamp.
    for (const exchange of ["kraken", "coinbase"] as const) sources.respond[exchange] = refuse;
    clock.skewMs = 0;
    clock.advance(TICK_MS);
    await service.tick();
    const history = await service.request("/history?hours=1&bucket=1m");
    const { points } = HISTORY.parse(await history.json());
    const newest = points.findLast(({ price }) => price !== null);
    // One source's word on a minute is waited with for three minutes.
    assertEquals(newest?.time, new Date(time() - 4 * TICK_MS).toISOString());
  },
);

Deno.test(
  "Service.tick() misses two minutes when the clock of Redis steps back an hour",
  { timeout: 60_000 },
  async () => {
    const clock = createTestClock();
    let redisSkewMs = HOUR_MS;
    const time = () => clock.trueNow();
    await using store = startEmbeddedRedis({ now: () => time() + redisSkewMs });
    await using feed = serveLocally(() =>
      Response.json([{ timestamp: time() / 1_000, btc_price: "34500", mean: 0.5 }])
    );
    await using service = createTestService({
      redis: { url: store.url, prefix: PREFIX },
      feed: createSentiCrypt(
        feedOptions({ sentimentApiUrl: feed.url, now: createForwardTime(clock) }),
      ),
      clock,
      // The pauses of a tick that waits for a claim.
      async sleep(ms, signal) {
        if (ms === 1_000) clock.advance(ms);
        else await delay(ms, { signal });
      },
    });
    /** Returns how many minutes ago a tick has refreshed then. */
    async function tick(): Promise<number> {
      clock.advance(TICK_MS);
      await service.tick();
      const { last_tick: lastTick } = await (await service.request("/readyz")).json();
      return Math.floor((time() - Date.parse(lastTick)) / TICK_MS);
    }

    assertEquals(await tick(), 0);
    redisSkewMs = 0;
    // The claim on the tick lasts too long, then the pause after the last refresh.
    assertEquals([await tick(), await tick(), await tick(), await tick()], [1, 2, 0, 0]);
  },
);
