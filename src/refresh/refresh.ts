import { FeedError } from "../feeds/errors.ts";
import type { Batch, Feed } from "../feeds/feed.ts";
import type { Log } from "../log.ts";
import { StoreError } from "../redis/command.ts";
import type { Series } from "../redis/series.ts";
import type { SeriesWriter, Stored } from "../redis/series_writer.ts";
import type { Clock, Sleep } from "../samples/clock.ts";
import type { Metric, Sample } from "../samples/sample.ts";
import { computeSummary, NoDataError } from "../summary/load.ts";
import type { Summaries } from "../summary/summaries.ts";
import type { RefreshRecord } from "./record.ts";
import {
  fetchSources,
  joinFailures,
  type SourceAnswers,
  type SourceFailure,
} from "./fetch_sources.ts";
import type { RefreshReport } from "./wire.ts";
import type { RevisedSummary } from "../summary/wire.ts";

/** What a refresh needs. */
export interface RefreshParts {
  loadFeed: () => Promise<Feed>;
  reader: Pick<Series, "newest" | "oldest" | "averages" | "samples">;
  writer: Pick<SeriesWriter, "add">;
  record: Pick<RefreshRecord, "read" | "write" | "keepPauses">;
  summaries: Pick<Summaries, "publish" | "renew">;
  clock: Clock;
  sleep: Sleep;
  /** Returns a number from 0 to 1. */
  random: () => number;
  log: Log;
  /** Ends requests to the feed. */
  signal: AbortSignal;
}

/** The outcome of a refresh: its report, or the error that ended it; and which sources failed. */
export interface RefreshEnd {
  readonly feed: Feed;
  readonly outcome: { readonly report: RefreshReport } | { readonly error: unknown };
  readonly failures: readonly SourceFailure[];
  /** The sources that answered. */
  readonly answered: readonly string[];
}

/** Stores the feed's new samples, and updates the summary. */
export async function refresh(parts: RefreshParts, tries: number): Promise<RefreshEnd> {
  const feed = await parts.loadFeed();
  let fetched: SourceAnswers = { answers: new Map(), failures: [] };
  const describe = (outcome: RefreshEnd["outcome"]) => ({
    feed,
    outcome,
    failures: fetched.failures,
    answered: [...fetched.answers.keys()],
  });
  try {
    fetched = await fetchSources(feed.sources, { ...parts, tries });
    const now = parts.clock.now();
    const stored = await readStored(feed, { fetched, now }, parts);
    fetched = await askReserve(feed, { fetched, now, stored }, parts);
    const report = await store(feed, { fetched, now, stored }, parts);
    parts.log.info("refreshed", { ...report });
    return describe({ report });
  } catch (error) {
    // An unexpected error of a source or the store ends here: else the claim would stay, and no result
    // be recorded. The feed itself is loaded before it is claimed.
    const isForeseen = error instanceof FeedError || error instanceof StoreError;
    parts.log[isForeseen ? "warn" : "error"]("refresh failed", { feed: feed.name, error });
    return describe({ error });
  }
}

/** Learns which addresses asked other instances, or this one before its start, not to be asked. */
export async function learnPauses(
  { loadFeed, record, log }: Pick<RefreshParts, "loadFeed" | "record" | "log">,
): Promise<void> {
  const { pauses } = await loadFeed();
  if (pauses === undefined) return;
  try {
    pauses.merge((await record.read())?.pauses ?? {});
  } catch (error) {
    // What uses the store next fails for the same reason, and tells its caller.
    log.warn("the pauses of sources could not be read", { error });
  }
}

/** What a refresh has fetched, and what it is combined with. */
interface Fetched {
  readonly fetched: SourceAnswers;
  /** Unix milliseconds. */
  readonly now: number;
  readonly stored: readonly Sample[];
}

/** Reads the newest price, and what the reserve needs if samples are due that the answers lack. */
async function readStored(
  { reserve }: Feed,
  { fetched: { answers }, now }: Omit<Fetched, "stored">,
  parts: RefreshParts,
): Promise<readonly Sample[]> {
  const { price: newest } = await parts.reader.newest();
  const prices = await readSampleAt("price", newest, parts);
  if (!reserve?.isDue(answers, { now, stored: [] })) return prices;
  const { metric, storedMs } = reserve;
  return [...prices, ...await parts.reader.samples(metric, now - storedMs, now)];
}

/** Asks the reserve, if samples are due that are not stored either. */
async function askReserve(
  { reserve }: Feed,
  { fetched, now, stored }: Fetched,
  parts: RefreshParts,
): Promise<SourceAnswers> {
  if (!reserve?.isDue(fetched.answers, { now, stored })) return fetched;
  const { answers, failures } = await fetchSources([reserve.source], { ...parts, tries: 1 });
  return {
    answers: new Map([...fetched.answers, ...answers]),
    failures: [...fetched.failures, ...failures],
  };
}

async function store(
  feed: Feed,
  { fetched: { answers, failures }, now, stored }: Fetched,
  parts: RefreshParts,
): Promise<RefreshReport> {
  if (answers.size === 0) throw joinFailures(failures);
  const batch = feed.combine(answers, { now, stored });
  const { revision, ...counts } = await parts.writer.add(batch.samples);
  const summary = await updateSummary(revision, parts);
  return {
    feed: feed.name,
    ...countSamples(batch, counts),
    as_of: summary?.as_of ?? null,
    refreshed_at: new Date(parts.clock.now()).toISOString(),
    ...failures.length > 0 && { failed_sources: failures.map(describeFailure) },
    ...batch.degraded && { degraded: true },
  };
}

/** Reads the sample at a time that is known to have one; none for an empty series. */
export async function readSampleAt(
  metric: Metric,
  time: number | undefined,
  { reader }: Pick<RefreshParts, "reader">,
): Promise<readonly Sample[]> {
  return time === undefined ? [] : await reader.samples(metric, time, time);
}

function countSamples(batch: Batch, counts: Omit<Stored, "revision">) {
  const { stored, duplicates, expired } = counts;
  const rejected = counts.rejected + batch.rejected;
  return {
    received: stored + duplicates + rejected,
    stored,
    duplicates,
    rejected,
    ...expired > 0 && { expired },
  };
}

/**
 * Publishes what is new; if nothing is, compares with the store, since others may have stored.
 *
 * @returns the summary; `undefined` while no hour has samples of both metrics
 */
export async function updateSummary(
  revision: number | undefined,
  { reader, summaries }: Pick<RefreshParts, "reader" | "summaries">,
): Promise<RevisedSummary | undefined> {
  try {
    if (revision === undefined) return await summaries.renew();
    const summary = { revision, ...await computeSummary(reader) };
    summaries.publish(summary);
    return summary;
  } catch (error) {
    if (error instanceof NoDataError) return undefined;
    throw error;
  }
}

function describeFailure({ source, error }: SourceFailure) {
  return { source, fault: error.fault, message: error.message };
}
