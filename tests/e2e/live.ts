import { delay } from "@std/async/delay";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { type Clock, createForwardTime } from "../../src/samples/clock.ts";
import { createLive } from "../../src/feeds/live.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { type LiveSources, serveSources, urlsOf } from "../helpers/live_sources.ts";
import { createTestService, type TestService } from "../helpers/service.ts";

/** The middle of an hour, in Unix milliseconds. */
export const LIVE_NOW = Date.UTC(2026, 0, 2, 12, 37, 20);

const START_MS = 1_000;

/** A whole service on live sources whose time only the test moves; it does nothing between ticks. */
export interface LiveTestbed extends AsyncDisposable {
  readonly sources: LiveSources;
  readonly service: TestService;
  readonly store: ReturnType<typeof startEmbeddedRedis>;
  /** The present time in Unix milliseconds. */
  now(): number;
  /** Lets time pass, for the sources and Redis too, in milliseconds. */
  advance(ms: number): void;
}

/** Starts a service with `FEED=live`; `inflict` changes what sources answer before. */
export function startLive(inflict: (sources: LiveSources) => void = () => {}): LiveTestbed {
  let passed = 0;
  const now = () => LIVE_NOW + passed;
  const sources = serveSources(now);
  inflict(sources);
  const store = startEmbeddedRedis({ now });
  const service = createLiveService(sources, store.url, { now, elapsed: () => START_MS + passed });
  return {
    sources,
    service,
    store,
    now,
    advance(ms) {
      passed += ms;
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      await store[Symbol.asyncDispose]();
      await sources[Symbol.asyncDispose]();
    },
  };
}

/** Creates a service with `FEED=live`. */
export function createLiveService(sources: LiveSources, redisUrl: string, clock: Clock) {
  return createTestService({
    redis: { url: redisUrl, prefix: "is-bitcoin-lit" },
    feed: createLive(feedOptions({
      ...urlsOf(sources),
      now: createForwardTime(clock),
      wallNow: () => clock.now(),
    })),
    environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" },
    clock,
    // Pauses between tries take no time, time limits keep theirs.
    sleep: (ms, signal) => delay(ms < 10_000 ? 0 : ms, { signal }),
  });
}
