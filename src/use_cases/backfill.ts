import type { Feed } from "../core/feed.ts";
import type { BackfillMarks } from "../core/ports.ts";
import { type Metric, METRICS, type PerMetric, type Sample } from "../core/sample.ts";
import { startOfHour } from "../core/summary.ts";
import { fetchSources } from "./fetch_sources.ts";
import { type RefreshParts, updateSummary } from "./refresh.ts";

/** What the backfill needs. */
export interface BackfillParts extends RefreshParts {
  marks: BackfillMarks;
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
  const { answers } = await fetchSources(wanted, { ...parts, tries: 1, withinMs });
  const { samples } = combine(answers, parts.forwardNow());
  return {
    loaded: missing.filter((it) => samples.some(({ metric }) => metric === it)),
    samples: samples.filter(({ metric, timestamp }) =>
      missing.includes(metric) && timestamp < startOfHour(oldest[metric] ?? -Infinity)
    ),
  };
}

async function store(samples: readonly Sample[], parts: BackfillParts): Promise<void> {
  const { revision } = await parts.writer.add(samples);
  await updateSummary(revision, parts);
  parts.onBackfilled();
}
