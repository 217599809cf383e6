import type { Client, Command } from "../../src/redis/command.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { Revision } from "../../src/redis/revision.ts";
import { Series } from "../../src/redis/series.ts";
import { SeriesWriter } from "../../src/redis/series_writer.ts";
import { createAnnounce, SummaryCache } from "../../src/summary/cache.ts";
import { Background } from "../../src/http/background.ts";
import { loadSummary } from "../../src/summary/load.ts";
import { updateSummary } from "../../src/refresh/refresh.ts";
import { Summaries } from "../../src/summary/summaries.ts";
import { createTestClock } from "../helpers/clock.ts";
import { keepLog } from "../helpers/log.ts";
import { pairAt } from "../helpers/samples.ts";
import type { ModelStore } from "./model_store.ts";
import type { Scheduler } from "./scheduler.ts";

/** The names of the keys of all instances. */
export const KEYS = keysBelow("model");

/** The start of the hour that holds all samples. */
export const HOUR = Date.UTC(2021, 6, 7, 12);

const DAY_MS = 86_400_000;

/** What an instance of the model is built from. */
export interface ModelInstanceOptions {
  name: string;
  store: ModelStore;
  scheduler: Scheduler;
  /** Whether the next transaction loses its reply, or never arrives. */
  isLost: () => "reply" | "request" | undefined;
  /** By how much its wall clock is wrong, in milliseconds. */
  skewMs: number;
  /** Is called after each command or transaction that Redis ran. */
  onExecuted: () => void;
}

/** One instance of the service: the real code, on a link whose every step is scheduled. */
export type ModelInstance = ReturnType<typeof createModelInstance>;

/** Creates an instance. */
export function createModelInstance(options: ModelInstanceOptions) {
  const clock = createTestClock(options.skewMs);
  const log = keepLog();
  const background = new Background(log);
  const client = createClient(options);
  const revision = new Revision({ client, key: KEYS.revision, now: () => clock.now() });
  const series = { client, keys: KEYS.series, forwardNow: () => clock.now() };
  const reader = new Series(series);
  const cache = new SummaryCache(client, KEYS.cache, revision);
  const load = () =>
    loadSummary({
      series: reader,
      cache,
      readFailures: () => Promise.resolve([]),
      background,
      forwardNow: () => clock.now(),
      onRead() {},
      deadlineMs: Number.MAX_SAFE_INTEGER,
    });
  const summaries = new Summaries({
    load,
    cache,
    announce: createAnnounce(client, KEYS.updates),
    background,
    clock,
    forwardNow: () => clock.now(),
    log,
  });
  const writer = new SeriesWriter({
    ...series,
    revision,
    retentionMs: DAY_MS,
    onCreated: () => Promise.resolve(),
  });
  return {
    name: options.name,
    clock,
    summaries,
    writer,

    /** Learns the revision, as a start does. */
    start: (stored: number) => revision.parse(`${stored}`),

    /** Stores the first `count` samples that the store lacks, as a refresh does. */
    async refresh(count: number): Promise<void> {
      const samples = Array.from(
        { length: count },
        (_, i) => pairAt(HOUR + i + 1, i + 1, (i + 1) / 64),
      );
      const { revision } = await writer.add(samples.flat());
      await updateSummary(revision, { reader, summaries });
    },
  };
}

/** Two steps per command: Redis runs it, and its reply arrives. */
function createClient(options: ModelInstanceOptions): Client {
  const { name, store, scheduler, isLost, onExecuted } = options;
  function schedule(label: string, execute: () => unknown, lost?: "reply" | "request") {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { restarts } = store;
    const isCut = () => lost !== undefined || store.restarts > restarts;
    scheduler.add(`${name} ${label}`, () => {
      const isSent = lost !== "request" && store.restarts === restarts;
      const reply = isSent ? execute() : undefined;
      onExecuted();
      scheduler.add(`${name} receives ${label}`, () => {
        if (isCut()) reject(new Error("Connection is closed."));
        else if (reply instanceof Error) reject(Object.assign(reply, { name: "ReplyError" }));
        else resolve(reply);
      });
    });
    return promise;
  }
  return {
    call: (command, args) => schedule(command, () => store.execute([command, ...args])),
    multi() {
      const commands: Command[] = [];
      return {
        call: (command, args) => commands.push([command, ...args]),
        exec: () =>
          schedule("EXEC", () =>
            commands.map((command) => {
              const reply = store.execute(command);
              return reply instanceof Error ? [reply] : [null, reply];
            }), isLost()),
      };
    },
  };
}
