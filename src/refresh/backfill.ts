import type { Feed } from "../feeds/feed.ts";
import type { Background } from "../http/background.ts";
import { startOfHour } from "../samples/bucket.ts";
import { type Metric, METRICS, type PerMetric, type Sample } from "../samples/sample.ts";
import { fetchSources } from "./fetch_sources.ts";
import type { BackfillMarks } from "./record.ts";
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
  /** The metrics that the sources had hours of, new or not. */
  readonly loaded: readonly Metric[];
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
  if (METRICS.every((metric) => done.has(metric))) return;
  const oldest = await reader.oldest();
  // Until the first minutes are stored, it is unknown which hours they will fill.
  const missing = METRICS.filter((it) => !done.has(it) && oldest[it] !== undefined);
  if (missing.length === 0) return;
  const { loaded, samples } = await fetchHours(backfill, { missing, oldest, withinMs }, parts);
  if (loaded.length === 0) {
    return log.warn("the backfill returned no hours", { feed: name, missing });
  }
  if (samples.length > 0) await store(samples, parts);
  // Also marked when all hours were already stored, as after a lost reply: otherwise it never ends.
  await marks.write(new Set([...done, ...loaded]));
  log.info("backfilled", { feed: name, metrics: loaded, samples: samples.length });
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
  const { samples } = combine(answers, { now: parts.forwardNow(), stored });
  return {
    loaded: missing.filter((it) => samples.some(({ metric }) => metric === it)),
    samples: samples.filter(({ metric, timestamp }) =>
      missing.includes(metric) && timestamp < startOfHour(oldest[metric] ?? -Infinity)
    ),
  };
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
 * Without it, what was computed before a backfill would stay for an hour on the other instances. It
 * stops looking when all hours are loaded.
 */
export function watchBackfill(
  { marks, background, onBackfilled }: BackfillWatchOptions,
): () => void {
  let known: number | undefined;
  async function look(): Promise<void> {
    const { size } = await marks.read();
    const isNews = known !== undefined && size > known;
    known = size;
    if (isNews) onBackfilled();
  }
  return () => {
    if (known !== METRICS.length) background.run("look for a backfill", look);
  };
}
