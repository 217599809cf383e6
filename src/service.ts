import { type Config, hasFrozenFeed, isLoopback } from "./config.ts";
import { createForwardTime } from "./samples/clock.ts";
import type { Log } from "./log.ts";
import type { Handler } from "./http/handler.ts";
import { RetiringHandler } from "./http/serve.ts";
import { monitorEventLoop } from "./observe/event_loop.ts";
import { Tally, type UnhandledKind } from "./observe/tally.ts";
import { Background } from "./http/background.ts";
import { createNotifier } from "./wiring/notifier.ts";
import { completeParts, type Parts } from "./wiring/parts.ts";
import { createReads } from "./wiring/reads.ts";
import { createStore } from "./wiring/store.ts";
import { createWeb } from "./wiring/web.ts";
import { createWrites } from "./wiring/writes.ts";

/** With the rest of a stop, this stays below the 5 s after which platforms kill the process. */
const FEED_GRACE_MS = 3_000;

const REDIS_NEEDED =
  'redis cannot be reached yet: set REDIS_URL, or run an embedded one with "deno task redis"';

/** The service, free of process concerns. */
export interface Service {
  /** Answers a request. */
  readonly fetch: Handler;
  /** Does a minute's work, if no other instance does it. */
  tick(): Promise<void>;
  /** Connects to Redis; answers come as soon as it can be used. */
  start(): void;
  /**
   * Stops: asks clients to leave, ends event streams, waits for `closeServer`, finishes pending writes
   * and leaves Redis.
   */
  stop(closeServer?: () => Promise<unknown>): Promise<void>;
  /** Logs and counts an error that nothing handled. Never throws. */
  countUnhandled(kind: UnhandledKind, error: unknown): void;
}

/** Builds the service. It connects to nothing before it is started. */
export function createService(config: Config, given: Parts): Service {
  const parts = completeParts(given);
  const { log, clock, feedGraceMs = FEED_GRACE_MS } = parts;
  const background = new Background(log);
  const stopping = new AbortController();
  const tally = new Tally();
  const eventLoop = monitorEventLoop();
  const forwardNow = createForwardTime(clock);

  const store = createStore({ ...config, ...parts, forwardNow });
  const reads = createReads({ config, parts, store, background, forwardNow });
  const { signal } = stopping;
  const notifier = createNotifier({ config, parts, store, tally, signal });
  const writes = createWrites({
    config,
    parts,
    store,
    reads,
    tally,
    background,
    notifier,
    forwardNow,
    signal,
  });
  const web = createWeb({ config, parts, reads, writes, tally, eventLoop });
  // Its pauses are part of the stop, so nothing ends them early.
  const unstopped = new AbortController().signal;
  const retiring = new RetiringHandler(web, (ms) => parts.sleep(ms, unstopped));

  return {
    fetch: retiring.fetch,
    tick() {
      const tick = writes.schedule.tick();
      background.run("finish the tick", () => tick);
      return tick;
    },

    start() {
      warnOf(config, log);
      let wasReady = false;
      store.open({
        onReady() {
          wasReady = true;
          log.info("redis is ready");
          background.run("prepare the series", () => writes.schedule.prepare());
          background.run("start the webhooks", () => notifier.start());
        },
        onLost(error) {
          if (wasReady) return log.warn("the connection to redis is lost", { error });
          log.warn(REDIS_NEEDED, { redis_url: config.redisUrl, error });
        },
        onSummary: (summary) => reads.summaries.receive(summary),
      });
    },

    async stop(closeServer = () => Promise.resolve()) {
      const grace = setTimeout(() => stopping.abort(), feedGraceMs);
      await retiring.retire();
      reads.streams.close();
      await closeServer();
      await background.drain();
      clearTimeout(grace);
      stopping.abort();
      eventLoop.stop();
      await store.close();
    },

    countUnhandled(kind, error) {
      tally.countUnhandled(kind);
      log.error("an error was not handled", { kind, error });
    },
  };
}

function warnOf(config: Config, log: Log): void {
  if (config.refreshToken === undefined && !isLoopback(config.host)) {
    log.warn("REFRESH_TOKEN is not set: everyone who reaches this port can ask for a refresh");
  }
  if (hasFrozenFeed(config)) {
    log.warn("SentiCrypt's public data is frozen: set FEED=live for an answer about today");
  }
}
