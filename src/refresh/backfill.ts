import type { Feed } from "../feeds/feed.ts";
import type { Background } from "../http/background.ts";
import type { Series } from "../redis/series.ts";
import { HOUR_MS, startOfHour } from "../samples/bucket.ts";
import { type Metric, METRICS, type PerMetric, type Sample } from "../samples/sample.ts";
import { fetchSources } from "./fetch_sources.ts";
import type { BackfillMarks, Marks } from "./record.ts";
import { learnPauses, readSampleAt, type RefreshParts, updateSummary } from "./refresh.ts";

/** What the backfill needs. */
export interface BackfillParts extends RefreshParts {
  marks: Pick<BackfillMarks, "read" | "write">;
  /** Is called after older hours were stored. */
  onBackfilled: () => void;
}

/** Which hours are wanted, and how soon. */
interface WantedHours {
  readonly missing: readonly Metric[];
  readonly oldest: PerMetric<number | undefined>;
  readonly withinMs: number;
}

/** Hours of the metrics that were asked for. */
interface Hours {
  /** The oldest hour that the sources had of each metric, stored before or not. */
  readonly loaded: Marks;
  /** The hours before the oldest sample. */
  readonly samples: readonly Sample[];
}

/**
 * Loads the hours before the oldest sample, once per metric. A source that fails is asked again at the
 * next tick; what the others answered is stored.
 *
 * @param withinMs how long the sources may take, in milliseconds
 */
export async function backfill(parts: BackfillParts, withinMs = Infinity): Promise<void> {
  const { loadFeed, marks, reader, log } = parts;
  const { name, backfill } = await loadFeed();
  if (backfill === undefined) return;
  const done = await marks.read();
  if (METRICS.every((metric) => done[metric] !== undefined)) return;
  const oldest = await reader.oldest();
  // Until the first minutes are stored, it is unknown which hours they will fill.
  const missing = METRICS.filter((it) => done[it] === undefined && oldest[it] !== undefined);
  if (missing.length === 0) return;
  const { loaded, samples } = await fetchHours(backfill, { missing, oldest, withinMs }, parts);
  const metrics = Object.keys(loaded);
  if (metrics.length === 0) {
    return log.warn("the backfill returned no hours", { feed: name, missing });
  }
  if (samples.length > 0) await store(samples, parts);
  // Also marked when all hours were already stored, as after a lost reply: otherwise it never ends.
  await marks.write({ ...done, ...loaded });
  log.info("backfilled", { feed: name, metrics, samples: samples.length });
}

/** What checking the marks needs. */
export interface CheckMarksOptions {
  marks: Pick<BackfillMarks, "read" | "clear">;
  reader: Pick<Series, "oldest" | "newest">;
  retentionMs: number;
}

/**
 * Clears the marks when a series begins later than what they say was loaded: it was lost and made anew, so
 * that its hours must be loaded again.
 */
export async function checkMarks(
  { marks, reader, retentionMs }: CheckMarksOptions,
): Promise<void> {
  const done = await marks.read();
  const [oldest, newest] = await Promise.all([reader.oldest(), reader.newest()]);
  const isWhole = METRICS.every((metric) => {
    const loaded = done[metric];
    const [first = Infinity, last = -Infinity] = [oldest[metric], newest[metric]];
    // What is older than the retention has been removed since.
    return loaded === undefined ||
      first <= Math.max(Date.parse(loaded), last - retentionMs) + HOUR_MS;
  });
  if (!isWhole) await marks.clear();
}

async function fetchHours(
  { sources, combine }: NonNullable<Feed["backfill"]>,
  { missing, oldest, withinMs }: WantedHours,
  parts: BackfillParts,
): Promise<Hours> {
  const wanted = sources.filter(({ metrics }) => metrics.some((it) => missing.includes(it)));
  await learnPauses(parts);
  const { answers } = await fetchSources(wanted, { ...parts, tries: 1, withinMs });
  await keepPauses(parts);
  const stored = await readSampleAt("price", oldest.price, parts);
  const { samples } = combine(answers, { now: parts.clock.now(), stored });
  return {
    loaded: Object.fromEntries(missing.flatMap((metric) => markOf(metric, samples))),
    samples: samples.filter(({ metric, timestamp }) =>
      missing.includes(metric) && timestamp < startOfHour(oldest[metric] ?? -Infinity)
    ),
  };
}

function markOf(metric: Metric, samples: readonly Sample[]): [Metric, string][] {
  const own = samples.filter((sample) => sample.metric === metric);
  const oldest = own.reduce((min, { timestamp }) => Math.min(min, timestamp), Infinity);
  return own.length === 0 ? [] : [[metric, new Date(startOfHour(oldest)).toISOString()]];
}

async function keepPauses({ loadFeed, record }: BackfillParts): Promise<void> {
  const { pauses } = await loadFeed();
  if (pauses !== undefined && Object.keys(pauses.list()).length > 0) {
    await record.keepPauses(pauses);
  }
}

async function store(samples: readonly Sample[], parts: BackfillParts): Promise<void> {
  const { revision } = await parts.writer.add(samples);
  await updateSummary(revision, parts);
  parts.onBackfilled();
}

/** What watching for backfills needs. */
export interface BackfillWatchOptions {
  marks: Pick<BackfillMarks, "read">;
  background: Pick<Background, "run">;
  /** Is called when some instance, perhaps this one, has loaded older hours. */
  onBackfilled: () => void;
}

/**
 * Creates a function that looks for backfills of other instances; call it when the summary has changed.
 * Without it, what was computed before a backfill would stay for an hour on the other instances.
 */
export function watchBackfill(
  { marks, background, onBackfilled }: BackfillWatchOptions,
): () => void {
  let known: string | undefined;
  async function look(): Promise<void> {
    const { price, sentiment } = await marks.read();
    const seen = `${price} ${sentiment}`;
    const isNews = known !== undefined && seen !== known;
    known = seen;
    if (isNews) onBackfilled();
  }
  return () => background.run("look for a backfill", look);
}
