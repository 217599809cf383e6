import type { Sample } from "./sample.ts";
import { HOUR_MS, startOfHour } from "./summary.ts";

/**
 * Leaves out the samples before the first clock hour that the samples cover from its start. A source
 * reaches back to the middle of an hour, whose average would cover only the end of that hour. If no
 * sample is at the start of an hour, all are kept.
 *
 * @param samples of one metric, oldest first
 */
export function dropPartialHour(samples: readonly Sample[]): readonly Sample[] {
  const [oldest] = samples;
  const newest = samples.at(-1);
  if (oldest === undefined || newest === undefined) return samples;
  const start = startOfHour(oldest.timestamp + HOUR_MS - 1);
  if (start > newest.timestamp) return samples;
  return samples.filter(({ timestamp }) => timestamp >= start);
}
