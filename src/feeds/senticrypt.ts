import { z } from "zod";
import { FeedError } from "../core/errors.ts";
import type { Clock, Feed, FeedAnswer } from "../core/ports.ts";
import { METRICS, type Sample } from "../core/sample.ts";
import { fetchJson, type FetchOptions } from "./http.ts";
import { isPlausibleTime } from "./plausible_time.ts";

/** What the SentiCrypt feed needs. */
export interface SentiCryptOptions extends Omit<FetchOptions, "signal"> {
  url: string;
  clock: Clock;
}

// `btc_price` is a string in the recorded answers and a number in some descriptions of the feed.
const PRICE = z.union([
  z.number(),
  z.string().regex(/^\d+(\.\d+)?([eE][+-]?\d+)?$/).transform(Number),
]);

const ROW = z.object({
  timestamp: z.number(),
  btc_price: PRICE.pipe(z.number().positive()),
  mean: z.number().min(-1).max(1),
});

/** SentiCrypt v1: rows of the last 24 hours, each a 30-second average of price and sentiment. */
export function createSentiCrypt({ url, clock, ...bounds }: SentiCryptOptions): Feed {
  return {
    name: "senticrypt",
    async fetchSamples(signal: AbortSignal): Promise<FeedAnswer> {
      const answer = await fetchJson(url, { ...bounds, signal });
      if (!Array.isArray(answer)) {
        throw new FeedError("invalid", "The feed's answer is not an array of rows");
      }
      return parseRows(answer, clock());
    },
  };
}

function parseRows(rows: readonly unknown[], now: number): FeedAnswer {
  const samples = rows.flatMap((row) => parseRow(row, now));
  if (samples.length === 0) throw new FeedError("invalid", "The feed's answer has no valid row");
  return { samples, rejected: rows.length * METRICS.length - samples.length };
}

function parseRow(row: unknown, now: number): Sample[] {
  const parsed = ROW.safeParse(row);
  if (!parsed.success) return [];
  const { btc_price, mean } = parsed.data;
  const timestamp = Math.trunc(parsed.data.timestamp * 1_000);
  if (!isPlausibleTime(timestamp, now)) return [];
  return [
    { metric: "price", timestamp, value: btc_price },
    { metric: "sentiment", timestamp, value: mean },
  ];
}
