import * as z from "zod";
import type { Feed } from "../core/ports.ts";
import { METRICS, type Sample } from "../core/sample.ts";
import { DECIMAL } from "./decimal.ts";
import { JsonSource, type JsonSourceOptions } from "./json_source.ts";
import { readRows } from "./rows.ts";

const NAME = "The feed";

const ROW = z.object({
  timestamp: z.number(),
  // A string in the recorded answers, a number in some descriptions of the feed.
  btc_price: DECIMAL.pipe(z.number().positive()),
  mean: z.number().min(-1).max(1),
}).transform(({ timestamp, btc_price, mean }): Sample[] => {
  const ms = Math.trunc(timestamp * 1_000);
  return [
    { metric: "price", timestamp: ms, value: btc_price },
    { metric: "sentiment", timestamp: ms, value: mean },
  ];
});

/** SentiCrypt v1: rows of the last 24 hours, each a 30-second average of price and sentiment. */
export function createSentiCrypt(options: Omit<JsonSourceOptions, "name">): Feed {
  const source = new JsonSource({ ...options, name: NAME });
  return {
    name: "senticrypt",
    async fetchSamples(signal) {
      const rows = await source.fetchJson(signal);
      const now = options.clock();
      return readRows(rows, { name: NAME, row: ROW, now, samplesPerRow: METRICS.length });
    },
  };
}
