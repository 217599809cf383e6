import * as z from "zod/mini";
import type { Sample } from "../samples/sample.ts";
import { misshapen } from "./errors.ts";
import type { Source } from "./feed.ts";
import { JsonSource, type Refusal, withQuery } from "./json_source.ts";
import { RATIO_LIMITS, readRatios } from "./ratios.ts";
import type { RequestOptions } from "./request.ts";
import { DECIMAL } from "./rows.ts";
import { BUCKET_MS } from "./splice.ts";

const NAME = "Bybit";

/** For all addresses: it is asked after the others were, while the refresh holds its claim. */
const TIMEOUT_MS = 5_000;

const NO_ERROR = 0;

const REFUSALS: ReadonlyMap<number, Refusal["kind"]> = new Map([
  [10006, "limit"],
  [10018, "limit"],
  [10000, "busy"],
  [10016, "busy"],
]);

const STATUS = z.object({ retCode: z.int(), retMsg: z._default(z.string(), "") });

const ANSWER = z.object({ result: z.object({ list: z.unknown() }) });

const ROW = z.pipe(
  z.object({ timestamp: z.pipe(DECIMAL, z.int()), buyRatio: DECIMAL, sellRatio: DECIMAL }),
  z.transform(({ timestamp, buyRatio, sellRatio }): readonly Sample[] => [
    { metric: "sentiment", timestamp, value: buyRatio - sellRatio },
  ]),
);

/** Bybit's shares of long and short accounts, as sentiment: 41 hours, at another level than OKX's. */
export function createBybit(urls: readonly string[], options: RequestOptions): Source {
  const json = new JsonSource({
    name: NAME,
    urls: urls.map((url) => withQuery(url, { period: "5min", limit: "500" })),
    ...RATIO_LIMITS,
    timeoutMs: TIMEOUT_MS,
    findRefusal,
  }, options);
  return {
    name: "bybit",
    metrics: ["sentiment"],
    async fetchSamples(signal) {
      const { body, date } = await json.fetchJson(signal);
      const answer = ANSWER.safeParse(body);
      if (!answer.success) throw misshapen(NAME, answer.error);
      const now = options.now();
      const rows = answer.data.result.list;
      return readRatios(rows, { name: NAME, row: ROW, bucketMs: BUCKET_MS, now, date });
    },
  };
}

/** Errors come with status 200. */
function findRefusal(body: unknown): Refusal | undefined {
  const { data } = STATUS.safeParse(body);
  if (data === undefined || data.retCode === NO_ERROR) return undefined;
  return { kind: REFUSALS.get(data.retCode) ?? "other", said: `${data.retCode} ${data.retMsg}` };
}
