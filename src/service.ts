import { delay } from "@std/async/delay";
import { Lazy } from "@std/async/lazy";
import { createApp, toProblem } from "./app.ts";
import { type Config, findWarnings } from "./config.ts";
import { contain, guardLog } from "./contain.ts";
import type { Feed } from "./feeds/feed.ts";
import { HistoryReader } from "./history/reader.ts";
import { Background } from "./http/background.ts";
import { type AnsweredRequest, createHandler } from "./http/handler.ts";
import { createRecent } from "./http/content.ts";
import { RetiringHandler } from "./http/serve.ts";
import type { Log } from "./log.ts";
import { createHeartbeat } from "./notifications/heartbeat.ts";
import { Notifier } from "./notifications/notifier.ts";
import { DeliveryRecords, StateTracker } from "./notifications/records.ts";
import { createSender } from "./notifications/send.ts";
import { monitorEventLoop } from "./observe/event_loop.ts";
import { Tally } from "./observe/tally.ts";
import { Claims } from "./redis/claims.ts";
import { closeRedis, connect, type ConnectionOptions } from "./redis/connection.ts";
import { keysBelow } from "./redis/keys.ts";
import { openConnections } from "./redis/outages.ts";
import { Revision } from "./redis/revision.ts";
import { Series } from "./redis/series.ts";
import { SeriesWriter } from "./redis/series_writer.ts";
import { backfill, checkMarks, watchBackfill } from "./refresh/backfill.ts";
import { checkReadiness } from "./refresh/readiness.ts";
import { BackfillMarks, RefreshRecord } from "./refresh/record.ts";
import { Refresher } from "./refresh/refresher.ts";
import { Schedule } from "./refresh/schedule.ts";
import { type Clock, createForwardTime, type Sleep, SYSTEM_CLOCK } from "./samples/clock.ts";
import { createAnswerEncoder } from "./summary/answer.ts";
import { createAnnounce, receiveSummaries, SummaryCache } from "./summary/cache.ts";
import { EventStreams, type EventStreamsOptions } from "./summary/events.ts";
import { loadSummary, NoDataError } from "./summary/load.ts";
import { Summaries } from "./summary/summaries.ts";
import type { RevisedSummary } from "./summary/wire.ts";
import { TrackRecordReader } from "./track_record/reader.ts";
import { VERSION } from "./version.ts";

/** With the rest of a stop, this stays below the 5 s after which platforms kill the process. */
const FEED_GRACE_MS = 3_000;

/** What a service is built from beside its configuration; a test replaces what it wants to control. */
export interface Parts extends Pick<ConnectionOptions, "ca">, Pick<EventStreamsOptions, "lookMs"> {
  log: Log;
  loadFeed: () => Promise<Feed>;
  /** Is called before each request is answered. */
  onRequest?: ((method: string, route: string | undefined) => void) | undefined;
  /** @default the clock of this process */
  clock?: Clock;
  /** @default timers of this process */
  sleep?: Sleep;
  /** Returns a number from 0 to 1. @default Math.random */
  random?: () => number;
  /** Connects to Redis. @default ioredis */
  connect?: typeof connect;
  /** How long a stop waits for requests to sources, in milliseconds. @default 3_000 */
  feedGraceMs?: number;
  /** How long one delivery to a webhook may take, in milliseconds. @default 15_000 */
  webhookTimeoutMs?: number;
}

/** The service, free of process concerns. */
export type Service = ReturnType<typeof createService>;

/** Builds the service. It connects to nothing before it is started. */
export function createService(config: Config, given: Parts) {
  const base = createBase(config, given);
  const { log, background, tally, stopping } = base;
  const store = createStore(base);
  const reads = createReads(base, store);
  const writes = createWrites(base, store, reads);
  const build = { version: VERSION, feed: config.feed };
  const app = createApp({ ...base, ...store, ...reads, ...writes, build });
  const onAnswer = (answered: AnsweredRequest) => tally.countRequest(answered);
  const retiring = new RetiringHandler(createHandler(app, { ...base, onAnswer }), base.sleep);

  return {
    /** Answers a request. */
    fetch: retiring.fetch,

    /** Does a minute's work, if no other instance does it. */
    tick(): Promise<void> {
      const tick = writes.schedule.tick();
      background.run("finish the tick", () => tick);
      return tick;
    },

    /** Connects to Redis; answers come as soon as it can be used. */
    start(): void {
      for (const warning of findWarnings(config)) log.warn(warning);
      openConnections({ ...base, ...store }, () => {
        background.run("prepare the series", () => writes.schedule.prepare());
        background.run("start the webhooks", () => writes.notifier.start());
      });
      const onSummary = (summary: RevisedSummary) => reads.summaries.receive(summary);
      receiveSummaries(store.subscriber, { ...base, ...store, onSummary });
    },

    /**
     * Stops: asks clients to leave, ends event streams, waits for `closeServer`, finishes pending
     * writes and leaves Redis.
     */
    async stop(closeServer: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
      const grace = setTimeout(() => stopping.abort(), base.feedGraceMs);
      await retiring.retire();
      reads.streams.close();
      await closeServer();
      await background.drain();
      clearTimeout(grace);
      stopping.abort();
      base.eventLoop.stop();
      await Promise.all([store.client, store.subscriber].map(closeRedis));
    },

    /** Logs and counts an error that nothing handled. Never throws. */
    countUnhandled(kind: "rejection" | "exception", error: unknown): void {
      tally.count("unhandled_errors", kind);
      log.error("an error was not handled", { kind, error });
    },
  };
}

/** What all parts share. */
function createBase(config: Config, { clock = SYSTEM_CLOCK, ...parts }: Parts) {
  const log = guardLog(parts.log);
  const stopping = new AbortController();
  return {
    sleep: (ms: number, signal: AbortSignal) => delay(ms, { signal }),
    random: Math.random,
    connect,
    feedGraceMs: FEED_GRACE_MS,
    ...config,
    ...parts,
    clock,
    log,
    stopping,
    /** Ends requests to the feed, deliveries and the subscription. */
    signal: stopping.signal,
    background: new Background(log),
    tally: new Tally(),
    eventLoop: monitorEventLoop(),
    /** Unix ms that never step back. */
    forwardNow: createForwardTime(clock),
  };
}

type Base = ReturnType<typeof createBase>;

/** Everything that is kept in Redis, on two connections: one for commands, one for announcements. */
function createStore(base: Base) {
  const { redisUrl, connect, clock } = base;
  const client = connect(redisUrl, base);
  const keys = keysBelow(base.keyPrefix, base.feed);
  const revision = new Revision({ client, key: keys.revision, now: () => clock.now() });
  const series = { ...base, client, keys: keys.series, revision };
  const marks = new BackfillMarks(client, keys.backfilled);
  return {
    client,
    subscriber: connect(redisUrl, { ...base, subscribes: true }),
    channel: keys.updates,
    series: new Series(series),
    writer: new SeriesWriter({ ...series, onCreated: () => marks.clear() }),
    cache: new SummaryCache(client, keys.cache, revision),
    announce: createAnnounce(client, keys.updates),
    claims: new Claims({ client, keys: keys.claims, clock }),
    record: new RefreshRecord(client, keys.refresh),
    marks,
    tracker: new StateTracker(client, keys.state),
    records: new DeliveryRecords(client, keys.delivered),
  };
}

type Store = ReturnType<typeof createStore>;

/** Everything that answers from what is stored. */
function createReads(base: Base, store: Store) {
  const { clock, log, tally } = base;
  const load = () =>
    loadSummary({
      ...base,
      ...store,
      readFailures: () => store.record.readFailures(),
      onRead: contain("count a read", (layer) => tally.count("reads", layer), log),
    });
  const summaries = new Summaries({ ...base, ...store, load });
  const encodeAnswer = createAnswerEncoder(base);
  const streams = new EventStreams({ ...base, summaries, encodeAnswer });
  const histories = new HistoryReader({ ...base, ...store, summaries });
  const asOf = () => summaries.read(({ as_of }) => Date.parse(as_of));
  const trackRecords = new TrackRecordReader({ ...base, ...store, asOf });
  summaries.listen({
    onChange: (summary) => streams.send(summary),
    onReset() {
      histories.clear();
      trackRecords.invalidate();
    },
  });
  const readiness = createRecent(() => checkReadiness({ ...store, clock }), clock);
  return { summaries, encodeAnswer, streams, histories, trackRecords, checkReadiness: readiness };
}

type Reads = ReturnType<typeof createReads>;

/** Everything that brings samples in, and what is due at a tick. */
function createWrites(base: Base, store: Store, { summaries, encodeAnswer, trackRecords }: Reads) {
  const { log, tally, refreshMinIntervalMs: minIntervalMs } = base;
  const feed = new Lazy(base.loadFeed);
  const loadFeed = () => feed.get();
  const parts = { ...base, ...store, reader: store.series, loadFeed, summaries, minIntervalMs };
  const nameProblem = (error: unknown) => toProblem(error)?.problem ?? "internal";
  const refresher = new Refresher({
    ...parts,
    onEnd: contain("count a refresh", (end) => tally.countRefresh(end, nameProblem), log),
  });
  const onBackfilled = () => trackRecords.invalidate();
  summaries.listen({ onChange: watchBackfill({ ...parts, onBackfilled }) });
  const notifier = new Notifier({
    ...base,
    ...store,
    addresses: base.webhookUrls,
    afterMs: base.webhookAfterMs,
    send: createSender({ ...base, secret: base.webhookSecret, timeoutMs: base.webhookTimeoutMs }),
    onOutcome: contain("count a delivery", (outcome) => tally.count("webhooks", outcome), log),
  });
  const beat = createHeartbeat(base);
  const schedule = new Schedule({
    ...parts,
    refresher,
    backfill: (withinMs) => backfill({ ...parts, onBackfilled }, withinMs),
    checkMarks: () => checkMarks(parts),
    async notify() {
      try {
        const answer = await summaries.read((summary) => encodeAnswer(summary).answer);
        await Promise.all([notifier.tick(answer), beat(answer)]);
      } catch (error) {
        if (!(error instanceof NoDataError)) throw error;
      }
    },
  });
  return { refresher, schedule, notifier, loadFeed };
}
