import type { SentiCryptRow } from "../../dev/senticrypt.ts";
import { DAY_MS, HOUR_MS } from "../../src/samples/bucket.ts";

const ROW_MS = 30_000;

// The price and the sentiment at the start of each clock hour (UTC). Both rise, fall, stay flat for
// four hours and rise again, so that every answer appears within a day.
const PRICES = [
  [60_000, 60_400, 60_900, 61_500, 62_200, 63_000, 63_500, 63_200],
  [62_600, 62_000, 61_500, 61_500, 61_500, 61_500, 61_500, 62_000],
  [62_800, 63_700, 63_900, 63_300, 62_500, 61_600, 60_800, 60_200],
].flat();
const SENTIMENTS = [
  [0.05, 0.1, 0.16, 0.22, 0.3, 0.36, 0.33, 0.27],
  [0.2, 0.14, 0.1, 0.1, 0.1, 0.1, 0.1, 0.17],
  [0.24, 0.32, 0.37, 0.3, 0.22, 0.14, 0.06, 0.01],
].flat();

/** The rows of the 24 hours before `now` (Unix ms), oldest first: every day is the same, with known hours. */
export function rowsOfKnownDay(now: number): SentiCryptRow[] {
  const newest = Math.floor(now / ROW_MS) * ROW_MS;
  return Array.from({ length: DAY_MS / ROW_MS }, (_, i) => simulateRow(newest - i * ROW_MS))
    .reverse();
}

function simulateRow(time: number): SentiCryptRow {
  const mean = Number(levelAt(SENTIMENTS, time).toFixed(2));
  const count = 7_000 + Math.round(500 * Math.sin(time / DAY_MS));
  return {
    count,
    timestamp: time / 1_000,
    rate: 5.5,
    last: mean,
    sum: Number((mean * count).toFixed(2)),
    mean,
    median: mean,
    btc_price: levelAt(PRICES, time).toFixed(2),
  };
}

/** Interpolates between the levels of two hours, with a ripple; between equal levels it stays flat. */
function levelAt(levels: readonly number[], time: number): number {
  const hour = Math.floor(time / HOUR_MS);
  const passed = time / HOUR_MS - hour;
  const [start = 0, end = 0] = [levels.at(hour % 24), levels.at((hour + 1) % 24)];
  const ripple = 0.15 * Math.sin(8 * Math.PI * passed);
  return start + (end - start) * (passed + ripple);
}
