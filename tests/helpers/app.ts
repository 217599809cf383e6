import type { Readiness, RefreshReport } from "../../src/refresh/wire.ts";
import { computeTrackRecord } from "../../src/track_record/track_record.ts";
import { createAnswerEncoder } from "../../src/summary/answer.ts";
import { type App, type AppOptions, createApp } from "../../src/app.ts";
import { EventStreams, type EventStreamsOptions } from "../../src/summary/events.ts";
import { createHandler, type Handler } from "../../src/http/handler.ts";
import { Tally } from "../../src/observe/tally.ts";
import { createFakeFeed } from "./fake_feed.ts";
import { keepLog, type KeptLog } from "./log.ts";
import { NOW, RISING_SUMMARY, risingAnswer } from "./samples.ts";
import type { History } from "../../src/history/wire.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";
import type { TrackRecord } from "../../src/track_record/wire.ts";

/** How old data may be in an app of {@linkcode createTestApp}. */
export const STALE_AFTER_MS = 900_000;

/** The summary that a test app answers with unless the test sets another. */
export const SUMMARY: RevisedSummary = { revision: 7, ...RISING_SUMMARY };

/** The report that a test app answers with unless the test sets another. */
export const REPORT: RefreshReport = {
  feed: "test",
  received: 2,
  stored: 2,
  duplicates: 0,
  rejected: 0,
  as_of: RISING_SUMMARY.as_of,
  refreshed_at: RISING_SUMMARY.as_of,
};

/** The history that a test app answers with unless the test sets another. */
export const HISTORY: History = {
  bucket_seconds: 300,
  points: [{ time: "2021-07-07T12:30:00.000Z", price: 34_500, sentiment: null }],
};

/** The readiness that a test app answers with unless the test sets another. */
export const READINESS: Readiness = {
  status: "ready",
  redis: { status: "up", latency_ms: 0.5 },
  data: { as_of: RISING_SUMMARY.as_of, age_seconds: 0 },
  sources: [{ source: "test", last_success: RISING_SUMMARY.as_of }],
  last_tick: RISING_SUMMARY.as_of,
};

/** The track record that a test app answers with unless the test sets another. */
export const RECORD: TrackRecord = computeTrackRecord({ price: [], sentiment: [] }, {
  feed: "test",
  days: 30,
  asOf: NOW,
}).record;

/** What the app's parts return; a test changes it at any time. */
export interface Answers {
  now: number;
  summary: () => RevisedSummary | Promise<RevisedSummary>;
  report: () => Promise<RefreshReport>;
  history: () => History | Promise<History>;
  record: () => TrackRecord | Promise<TrackRecord>;
  readiness: () => Promise<Readiness>;
}

/** An app whose parts return what the test sets. */
export interface TestApp {
  readonly app: App;
  readonly handler: Handler;
  readonly answers: Answers;
  readonly streams: EventStreams;
  readonly log: KeptLog;
  /** Requests a path, as a server would. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** What a test replaces in an app. */
export type TestAppOptions =
  & Partial<AppOptions>
  & Partial<Pick<EventStreamsOptions, "heartbeatMs" | "lookMs" | "maxStreams">>;

/** Builds an app on parts that return what the test sets. */
export function createTestApp(options: TestAppOptions = {}): TestApp {
  const answers: Answers = {
    now: NOW,
    summary: () => SUMMARY,
    report: () => Promise.resolve(REPORT),
    history: () => HISTORY,
    record: () => RECORD,
    readiness: () => Promise.resolve(READINESS),
  };
  const log = keepLog();
  const common = {
    feed: "test",
    staleAfterMs: STALE_AFTER_MS,
    maxStreams: 1_000,
    retentionMs: 30 * 86_400_000,
    clock: { now: () => answers.now, elapsed: () => answers.now },
    summaries: {
      read<T>(use: (summary: RevisedSummary) => T | Promise<T>): T | Promise<T> {
        const summary = answers.summary();
        return summary instanceof Promise ? summary.then(use) : use(summary);
      },
      kept: undefined,
      hits: 0,
    },
    log,
  };
  const encodeAnswer = createAnswerEncoder(common);
  const streams = new EventStreams({ ...common, encodeAnswer, ...options });
  const app = createApp({
    ...common,
    encodeAnswer,
    streams,
    refreshToken: undefined,
    publicUrl: undefined,
    loadFeed: () => Promise.resolve(createFakeFeed({ test: risingAnswer })),
    hasFrozenFeed: false,
    trackRecords: { get: () => answers.record() },
    histories: { get: async () => ({ history: await answers.history(), revision: 7 }) },
    refresher: { request: async () => ({ report: await answers.report(), isReplayed: false }) },
    checkReadiness: () => answers.readiness(),
    tally: new Tally(),
    series: { leftOut: {} },
    eventLoop: { read: () => 0 },
    build: { version: "test" },
    ...options,
  });
  const handler = createHandler(app, { onAnswer() {}, log });
  return {
    app,
    handler,
    answers,
    streams,
    log,
    async request(path, init) {
      return await handler(new Request(new URL(path, "http://localhost"), init));
    },
  };
}
