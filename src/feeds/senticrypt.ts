import * as z from "zod/mini";
import { METRICS, type Sample } from "../samples/sample.ts";
import { type Feed, type FeedDescription, mergeAnswers } from "./feed.ts";
import type { FeedOptions } from "./mod.ts";
import { Pauses } from "./pauses.ts";
import { JsonSource, withQuery } from "./json_source.ts";
import { DECIMAL, readRows } from "./rows.ts";

const NAME = "The feed";

const SENTICRYPT: FeedDescription = {
  title: { en: "SentiCrypt", "zh-CN": "SentiCrypt" },
  sentiment: {
    en: "Sentiment is what people write about Bitcoin, from −1 (negative) to 1 (positive).",
    "zh-CN": "情绪指标反映人们谈论比特币的言论，从 −1（负面）到 1（正面）。",
  },
  price: {
    en: "The price comes from SentiCrypt, every 30 seconds.",
    "zh-CN": "价格来自 SentiCrypt，每 30 秒一次。",
  },
};

const SIMULATED: FeedDescription = {
  title: { en: "Simulated", "zh-CN": "模拟数据" },
  sentiment: {
    en: "This sentiment is invented, from −1 to 1. It shows how the service works.",
    "zh-CN": "此情绪指标为虚构数据，范围从 −1 到 1，仅用于演示。",
  },
  price: {
    en: "This price is invented. It shows how the service works.",
    "zh-CN": "此价格为虚构数据，仅用于演示。",
  },
};

const ROW = z.pipe(
  z.object({
    timestamp: z.number(),
    // A string in the recorded answers, a number in some descriptions of the feed.
    btc_price: DECIMAL,
    mean: z.number(),
  }),
  z.transform(({ timestamp, btc_price, mean }): readonly Sample[] => {
    const ms = Math.trunc(timestamp * 1_000);
    return [
      { metric: "price", timestamp: ms, value: btc_price },
      { metric: "sentiment", timestamp: ms, value: mean },
    ];
  }),
);

/** SentiCrypt v1: rows of the last 24 hours, each a 30-second average of price and sentiment. */
export function createSentiCrypt(options: FeedOptions): Feed {
  return createFeed({ name: "senticrypt", description: SENTICRYPT }, options);
}

/** Invented data in SentiCrypt's format: never labelled, and never stored, as SentiCrypt's. */
export function createSimulated(given: FeedOptions): Feed {
  const identity = { name: "simulated", description: SIMULATED };
  const options = { ...given, pauses: new Pauses(given.now) };
  const url = withQuery(options.sentimentApiUrl, { period: "1h" });
  const hours = createFeed(identity, { ...options, sentimentApiUrl: url });
  return { ...createFeed(identity, options), backfill: hours };
}

function createFeed(identity: Pick<Feed, "name" | "description">, options: FeedOptions): Feed {
  const { pauses = new Pauses(options.now) } = options;
  const json = new JsonSource({ name: NAME, urls: [options.sentimentApiUrl] }, {
    ...options,
    pauses,
  });
  return {
    ...identity,
    pauses,
    sources: [{
      name: identity.name,
      metrics: METRICS,
      async fetchSamples(signal) {
        const { body } = await json.fetchJson(signal);
        const now = options.now();
        return readRows(body, { name: NAME, row: ROW, now, samplesPerRow: METRICS.length });
      },
    }],
    combine: mergeAnswers,
  };
}
