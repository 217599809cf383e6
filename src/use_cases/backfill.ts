import type { Feed } from "../core/feed.ts";
import type { BackfillMarks } from "../core/ports.ts";
import { type Metric, METRICS, type Sample } from "../core/sample.ts";
import { startOfHour } from "../core/summary.ts";
import { fetchSources } from "./fetch_sources.ts";
import { type RefreshParts, updateSummary } from "./refresh.ts";

/** What the backfill needs. */
export interface BackfillParts extends RefreshParts {
  marks: BackfillMarks;
  /** Is called after older hours were stored. */
  onBackfilled: () => void;
}

/**
 * Loads the hours before the oldest sample, once per metric. A source that fails is asked again at the
 * next tick; what the others answered is stored.
 */
export async function backfill(parts: BackfillParts): Promise<void> {
  const { loadFeed, marks, log } = parts;
  const { name, backfill } = await loadFeed();
  if (backfill === undefined) return;
  const done = await marks.read();
  if (done.size === METRICS.length) return;
  const oldest = await parts.reader.oldest();
  // Before the first minutes are stored, it is not known which hours they will fill.
  const missing = METRICS.filter((metric) => !done.has(metric) && oldest[metric] !== undefined);
  if (missing.length === 0) return;
  const samples = (await fetchHours(backfill, missing, parts))
    .filter(({ metric, timestamp }) => timestamp < startOfHour(oldest[metric] ?? -Infinity));
  const loaded = missing.filter((wanted) => samples.some(({ metric }) => metric === wanted));
  if (loaded.length === 0) return log.warn("the backfill found no hours", { feed: name, missing });
  await store(samples, parts);
  await marks.write(new Set([...done, ...loaded]));
  log.info("backfilled", { feed: name, metrics: loaded, samples: samples.length });
}

async function fetchHours(
  { sources, combine }: NonNullable<Feed["backfill"]>,
  missing: readonly Metric[],
  parts: BackfillParts,
): Promise<Sample[]> {
  const wanted = sources.filter(({ metrics }) => metrics.some((it) => missing.includes(it)));
  const { answers, failures } = await fetchSources(wanted, { ...parts, tries: 1 });
  for (const failure of failures) parts.log.warn("a source failed", { ...failure });
  return combine(answers, parts.forwardNow()).samples
    .filter(({ metric }) => missing.includes(metric));
}

async function store(samples: readonly Sample[], parts: BackfillParts): Promise<void> {
  const { revision } = await parts.writer.add(samples);
  await updateSummary(revision, parts);
  parts.onBackfilled();
}
