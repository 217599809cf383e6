import type { Sample } from "./sample.ts";

// A gap or a long span would make Redis read and send what lies between, for nothing.
const MAX_GAP_MS = 3_600_000;
const MAX_SPAN_MS = 24 * MAX_GAP_MS;

/** Keeps the first sample of each timestamp, oldest timestamp first. */
export function firstPerTimestamp(samples: readonly Sample[]): Sample[] {
  const first = new Map<number, Sample>();
  for (const sample of samples) {
    if (!first.has(sample.timestamp)) first.set(sample.timestamp, sample);
  }
  return [...first.values()].sort((a, b) => a.timestamp - b.timestamp);
}

/** Splits ascending samples into runs of neighbours: no gap above an hour, no span above a day. */
export function splitIntoRuns(ascending: readonly Sample[]): Sample[][] {
  const runs: Sample[][] = [];
  for (const sample of ascending) {
    const run = runs.at(-1);
    if (run !== undefined && isNeighbour(run, sample.timestamp)) run.push(sample);
    else runs.push([sample]);
  }
  return runs;
}

function isNeighbour(run: readonly Sample[], timestamp: number): boolean {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return true;
  return timestamp - last.timestamp <= MAX_GAP_MS && timestamp - first.timestamp < MAX_SPAN_MS;
}
