import type { Summary } from "../../src/core/summary.ts";
import { type App, type AppOptions, createApp } from "../../src/http/app.ts";
import { EventStreams } from "../../src/http/events.ts";
import type { MetricsText } from "../../src/http/operations.ts";
import type { Web } from "../../src/http/page.ts";
import type { History } from "../../src/use_cases/history.ts";
import type { Readiness } from "../../src/use_cases/readiness.ts";
import type { RefreshReport } from "../../src/use_cases/refresh.ts";
import { keepLog, type KeptLog } from "./log.ts";
import { NOW, RISING_SUMMARY } from "./samples.ts";

/** How old data may be in an app of {@linkcode createTestApp}. */
export const STALE_AFTER_MS = 900_000;

/** What the test refresher answers unless the test says otherwise. */
export const REPORT: RefreshReport = {
  ...{ feed: "test", received: 2, stored: 2, duplicates: 0, rejected: 0 },
  as_of: RISING_SUMMARY.as_of,
};

/** What the test histories answer unless the test says otherwise. */
export const HISTORY: History = {
  bucket_seconds: 300,
  points: [{ time: "2021-07-07T12:30:00.000Z", price: 34_500, sentiment: null }],
};

/** What the test service says of its readiness unless the test says otherwise. */
export const READINESS: Readiness = {
  status: "ready",
  redis: { status: "up", latency_ms: 0.5 },
  data: { as_of: RISING_SUMMARY.as_of, age_seconds: 0 },
};

const WEB: Web = {
  PAGE_HEADERS: { "content-type": "text/html; charset=utf-8" },
  chooseLanguage: () => "en",
  renderPage: (view) => `<!doctype html><title>${JSON.stringify(view)}</title>`,
  readAsset: (name) =>
    name === "page.js" ? { body: "1;", contentType: "text/javascript" } : undefined,
};

const METRICS: MetricsText = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: () => Promise.resolve("metric 1\n"),
};

/** What the app's parts answer: a test changes it at any time. */
export interface Answers {
  now: number;
  summary: () => Summary | Promise<Summary>;
  report: () => Promise<RefreshReport>;
  history: () => History | Promise<History>;
  readiness: () => Promise<Readiness>;
}

/** An app whose parts answer what the test says. */
export interface TestApp {
  readonly app: App;
  readonly answers: Answers;
  readonly streams: EventStreams;
  readonly log: KeptLog;
}

/** Builds an app on parts that answer what the test says. */
export function createTestApp(
  options: Partial<AppOptions> & { heartbeatMs?: number; maxStreams?: number } = {},
): TestApp {
  const answers: Answers = {
    now: NOW,
    summary: () => RISING_SUMMARY,
    report: () => Promise.resolve(REPORT),
    history: () => HISTORY,
    readiness: () => Promise.resolve(READINESS),
  };
  const log = keepLog();
  const answering = {
    ...{ feed: "test", staleAfterMs: STALE_AFTER_MS, retentionMs: 30 * 86_400_000 },
    clock: () => answers.now,
    summaries: { get: () => answers.summary() },
  };
  const streams = new EventStreams({ ...answering, ...options });
  const app = createApp({
    ...{ ...answering, streams, log, refreshToken: undefined },
    histories: { get: () => answers.history() },
    refresher: { refresh: () => answers.report() },
    loadWeb: () => Promise.resolve(WEB),
    checkReadiness: () => answers.readiness(),
    loadMetrics: () => Promise.resolve(METRICS),
    ...options,
  });
  return { app, answers, streams, log };
}
