import { HOUR_MS, startOfHour } from "../samples/bucket.ts";
import type { Sample } from "../samples/sample.ts";
import { createBitstamp } from "./bitstamp.ts";
import { createBybit } from "./bybit.ts";
import { HOURS, MINUTES, type Period } from "./candles.ts";
import { createCoinbase } from "./coinbase.ts";
import {
  type Feed,
  type FeedDescription,
  mergeAnswers,
  type SampleSupply,
  type Source,
  type SourceAnswer,
} from "./feed.ts";
import { createKraken } from "./kraken.ts";
import type { PriceSource } from "./lone_price.ts";
import type { FeedOptions } from "./mod.ts";
import { createOkx } from "./okx.ts";
import { Pauses } from "./pauses.ts";
import { indexPrices } from "./price_index.ts";
import { findDue, splice, STORED_MS } from "./splice.ts";

const DESCRIPTION: FeedDescription = {
  title: { en: "Several exchanges", "zh-CN": "多家交易所" },
  sentiment: {
    en: "Sentiment is how OKX accounts are positioned, from −1 (all short) to 1 (all long). " +
      "It measures positions, not words. While OKX is away, Bybit fills in, adjusted to OKX’s level.",
    "zh-CN":
      "情绪指标反映 OKX 账户的持仓方向，从 −1（全部做空）到 1（全部做多）。它衡量的是持仓，而不是言论。" +
      "OKX 无法访问时，以 Bybit 账户的数据接续，并校准到 OKX 的水平。",
  },
  price: {
    en: "The price is the median of Kraken, Coinbase and Bitstamp, minute by minute.",
    "zh-CN": "价格为 Kraken、Coinbase 和 Bitstamp 每分钟收盘价的中位数。",
  },
};

/** How many minutes each exchange reaches back. Of hours, one that failed is not waited for. */
const REACH_MINUTES = new Map([["kraken", 720], ["coinbase", 300], ["bitstamp", 1_000]]);

/**
 * Bitcoin today, from public sources without keys: prices of three exchanges, positions at OKX, and at
 * Bybit where OKX lacks them.
 */
export function createLive(given: FeedOptions): Feed {
  const { krakenUrl, coinbaseUrl, bitstampUrl, okxUrls, bybitUrls } = given;
  const pauses = new Pauses(given.now);
  const options = { ...given, pauses };
  const minutes = supply([
    createKraken({ url: krakenUrl, period: MINUTES }, options),
    createCoinbase({ url: coinbaseUrl, period: MINUTES }, options),
    createBitstamp({ url: bitstampUrl, period: MINUTES }, options),
    createOkx({ urls: okxUrls, period: "5m" }, options),
  ], MINUTES);
  // Coinbase has no 30 days of hourly candles.
  const backfill = supply([
    createKraken({ url: krakenUrl, period: HOURS }, options),
    createBitstamp({ url: bitstampUrl, period: HOURS }, options),
    createOkx({ urls: okxUrls, period: "1H" }, options),
  ], HOURS);
  return {
    name: "live",
    description: DESCRIPTION,
    pauses,
    backfill,
    ...continueSentiment(minutes, createBybit(bybitUrls, options)),
  };
}

/** Adds Bybit's sentiment where OKX's is missing. */
function continueSentiment(
  { sources, combine }: SampleSupply,
  bybit: Source,
): Required<Pick<Feed, "sources" | "combine" | "reserve">> {
  // A bucket that is stored and not among these was spliced, perhaps by another instance.
  let lastOfOkx: readonly Sample[] = [];
  return {
    sources,
    reserve: {
      source: bybit,
      metric: "sentiment",
      storedMs: STORED_MS,
      isDue: (answers, { now, stored }) =>
        findDue([...samplesOf("okx", answers), ...sentimentOf(stored)], now).length > 0,
    },
    combine(answers, options) {
      const { now } = options;
      const okx = samplesOf("okx", answers);
      if (okx.length > 0) lastOfOkx = okx;
      const known = [...okx, ...sentimentOf(options.stored)];
      const spliced = splice({ known, other: samplesOf("bybit", answers), now });
      const missing = new Set(findDue([...known, ...spliced], now));
      const isSpliced = findDue(lastOfOkx, now).some((bucket) => !missing.has(bucket));
      const batch = combine(answers, options);
      return {
        ...batch,
        samples: [...batch.samples, ...spliced],
        degraded: batch.degraded || isSpliced,
      };
    },
  };
}

function supply(sources: readonly Source[], period: Period): SampleSupply {
  const exchanges = sources.filter(({ metrics }) => metrics.includes("price"));
  return {
    sources,
    combine(answers, { now, stored }) {
      const prices = pricesOf(exchanges, { answers, period });
      const known = stored.filter(({ metric }) => metric === "price");
      const index = indexPrices(prices, { now, periodMs: period.ms, stored: known });
      const sentiment = samplesOf("okx", answers);
      return {
        samples: [...dropPartialHour(index.samples), ...dropPartialHour(sentiment)],
        rejected: mergeAnswers(answers).rejected + index.rejected,
        degraded: index.degraded,
      };
    },
  };
}

function samplesOf(source: string, answers: ReadonlyMap<string, SourceAnswer>): readonly Sample[] {
  return answers.get(source)?.samples ?? [];
}

function sentimentOf(stored: readonly Sample[]): readonly Sample[] {
  return stored.filter(({ metric }) => metric === "sentiment");
}

function pricesOf(
  exchanges: readonly Source[],
  { answers, period }: { answers: ReadonlyMap<string, SourceAnswer>; period: Period },
): Map<string, PriceSource> {
  return new Map(exchanges.map(({ name }) => {
    const maxPeriods = period === MINUTES ? REACH_MINUTES.get(name) ?? 0 : 0;
    return [name, { samples: answers.get(name)?.samples, maxPeriods }];
  }));
}

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
