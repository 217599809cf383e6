import * as z from "zod";
import { FeedError } from "../core/errors.ts";
import type { Feed } from "../core/ports.ts";
import type { Sample } from "../core/sample.ts";
import { DECIMAL } from "./decimal.ts";
import { JsonSource, type JsonSourceOptions } from "./json_source.ts";
import { readRows } from "./rows.ts";

const NAME = "OKX";

const NO_ERROR = "0";
const TOO_MANY_REQUESTS = "50011";

/** A younger bucket can still change, and the series keep the first value. */
const SETTLED_AFTER_MS = 10 * 60_000;

const ANSWER = z.object({
  code: z.string(),
  msg: z.string().default(""),
  data: z.unknown().optional(),
});

/** The bucket's start in milliseconds, and the accounts that are long per account that is short. */
const ROW = z.tuple([DECIMAL.pipe(z.int()), DECIMAL.pipe(z.number().nonnegative())])
  .rest(z.unknown())
  .transform(([timestamp, ratio]): Sample[] => [
    { metric: "sentiment", timestamp, value: toSentiment(ratio) },
  ]);

/** OKX's long/short account ratio of the last two days in five-minute buckets: the sentiment. */
export function createOkx(options: Omit<JsonSourceOptions, "name">): Feed {
  const source = new JsonSource({ ...options, name: NAME });
  return {
    name: "okx",
    async fetchSamples(signal) {
      const rows = parseAnswer(await source.fetchJson(signal), source);
      const now = options.clock();
      const { samples, rejected } = readRows(rows, { name: NAME, row: ROW, now });
      const settled = samples.filter(({ timestamp }) => now - timestamp >= SETTLED_AFTER_MS);
      return { samples: settled.sort((a, b) => a.timestamp - b.timestamp), rejected };
    },
  };
}

/**
 * (longs − shorts) / (longs + shorts), of the ratio longs / shorts: bounded, and symmetric, so that it
 * can be averaged where the ratio can't.
 */
function toSentiment(ratio: number): number {
  return (ratio - 1) / (ratio + 1);
}

/** Takes the rows from an answer; errors come with status 200, and what they say is for the log. */
function parseAnswer(answer: unknown, source: JsonSource): unknown {
  const parsed = ANSWER.safeParse(answer);
  if (!parsed.success) {
    throw new FeedError("invalid", `${NAME}'s answer has another shape`, { cause: parsed.error });
  }
  const { code, msg, data } = parsed.data;
  if (code === NO_ERROR) return data;
  const cause = new Error(`${code} ${msg}`);
  if (code === TOO_MANY_REQUESTS) {
    throw source.pause(`${NAME} refuses more requests for now`, { cause });
  }
  throw new FeedError("unavailable", `${NAME} answered with an error`, { cause });
}
