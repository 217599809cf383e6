import type { BackfillMarks } from "../core/ports.ts";
import { METRICS } from "../core/sample.ts";
import type { Background } from "./background.ts";

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
