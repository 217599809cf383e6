import * as z from "zod/mini";
import { HOUR_MS } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import { misshapen } from "./errors.ts";
import type { Source } from "./feed.ts";
import { JsonSource, type Refusal, withQuery } from "./json_source.ts";
import { RATIO_LIMITS, readRatios } from "./ratios.ts";
import type { RequestOptions } from "./request.ts";
import { DECIMAL } from "./rows.ts";
import { BUCKET_MS } from "./splice.ts";

const NAME = "OKX";

const NO_ERROR = "0";

const REFUSALS: ReadonlyMap<string, Refusal["kind"]> = new Map([
  ["50011", "limit"],
  ["50001", "busy"],
  ["50004", "busy"],
  ["50013", "busy"],
]);

/** The `period` parameter, and how long such buckets last. */
const BUCKETS = { "5m": BUCKET_MS, "1H": HOUR_MS } as const;

/** Where OKX's ratios come from. */
export interface OkxAddress {
  /** Addresses of the same data, tried in order. */
  readonly urls: readonly string[];
  /** How long a bucket lasts: `5m` reaches back two days, `1H` 30. */
  readonly period: keyof typeof BUCKETS;
}

const ANSWER = z.object({
  code: z.string(),
  msg: z._default(z.string(), ""),
  data: z.optional(z.unknown()),
});

/** The bucket's start in milliseconds, and the number of long accounts per short one. */
const ROW = z.pipe(
  z.tuple([z.pipe(DECIMAL, z.int()), DECIMAL], z.unknown()),
  z.transform(([timestamp, ratio]): readonly Sample[] => [
    { metric: "sentiment", timestamp, value: toSentiment(ratio) },
  ]),
);

/** OKX's ratio of long to short accounts, as sentiment. */
export function createOkx({ urls, period }: OkxAddress, options: RequestOptions): Source {
  const json = new JsonSource({
    name: NAME,
    urls: urls.map((url) => withQuery(url, { period })),
    ...RATIO_LIMITS,
    findRefusal,
  }, options);
  return {
    name: "okx",
    metrics: ["sentiment"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const answer = ANSWER.safeParse(body);
      if (!answer.success) throw misshapen(NAME, answer.error);
      const [now, bucketMs] = [options.now(), BUCKETS[period]];
      return readRatios(answer.data.data, { name: NAME, row: ROW, bucketMs, now, date });
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
function findRefusal(body: unknown): Refusal | undefined {
  const { data } = ANSWER.safeParse(body);
  if (data === undefined || data.code === NO_ERROR) return undefined;
  return { kind: REFUSALS.get(data.code) ?? "other", said: `${data.code} ${data.msg}` };
}
