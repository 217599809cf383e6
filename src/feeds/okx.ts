import * as z from "zod";
import type { Source } from "./feed.ts";
import { HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import { limited, misshapen, refused } from "./errors.ts";
import { DECIMAL, readRows } from "./rows.ts";
import { FailOver, type JsonFetcher, JsonSource, withQuery } from "./json_source.ts";
import type { RequestOptions } from "./request.ts";

const NAME = "OKX";

/** For all addresses together. */
const TIMEOUT_MS = 10_000;

/** OKX returns at most 1,440. */
const MAX_ROWS = 2_000;

const NO_ERROR = "0";
const RATE_LIMIT = "50011";

/** A bucket can change for this long after its end, and the series keep the first value. */
const SETTLED_AFTER_MS = 5 * MINUTE_MS;

/** The `period` parameter, and how long such buckets last. */
const BUCKETS = { "5m": 5 * MINUTE_MS, "1H": HOUR_MS } as const;

/** Where ratios come from. */
export interface RatioAddress {
  /** Addresses of the same data, tried in order. */
  readonly urls: readonly string[];
  /** How long a bucket lasts: `5m` reaches back two days, `1H` 30. */
  readonly period: keyof typeof BUCKETS;
}

const ANSWER = z.object({
  code: z.string(),
  msg: z.string().default(""),
  data: z.unknown().optional(),
});

/** The bucket's start in milliseconds, and the number of long accounts per short one. */
const ROW = z.tuple([DECIMAL.pipe(z.int()), DECIMAL]).rest(z.unknown())
  .transform(([timestamp, ratio]): Sample[] => [
    { metric: "sentiment", timestamp, value: toSentiment(ratio) },
  ]);

/** OKX's ratio of long to short accounts, as sentiment. */
export function createOkx({ urls, period }: RatioAddress, options: RequestOptions): Source {
  const settledAfterMs = BUCKETS[period] + SETTLED_AFTER_MS;
  const json = new FailOver(urls.map((url) =>
    new JsonSource({
      name: NAME,
      url: withQuery(url, { period }),
      timeoutMs: TIMEOUT_MS / urls.length,
      maxRows: MAX_ROWS,
    }, options)
  ));
  return {
    name: "okx",
    metrics: ["sentiment"],
    async fetchSamples(signal) {
      const rows = parseAnswer((await json.fetchJson(signal)).body, json);
      const now = options.now();
      const { samples, rejected } = await readRows(rows, { name: NAME, row: ROW, now });
      const settled = samples.filter(({ timestamp }) => now - timestamp >= settledAfterMs);
      return { samples: settled.sort((a, b) => a.timestamp - b.timestamp), rejected };
    },
  };
}

/**
 * (longs − shorts) / (longs + shorts), from longs / shorts: bounded and symmetric, so that its
 * average means something. The average of a ratio does not.
 */
function toSentiment(ratio: number): number {
  return (ratio - 1) / (ratio + 1);
}

/** Errors come with status 200. */
function parseAnswer(body: unknown, json: JsonFetcher): unknown {
  const answer = ANSWER.safeParse(body);
  if (!answer.success) throw misshapen(NAME, answer.error);
  const { code, msg, data } = answer.data;
  if (code === NO_ERROR) return data;
  const text = `${code} ${msg}`;
  if (code !== RATE_LIMIT) throw refused(NAME, text);
  throw json.pause(limited(NAME, text));
}
