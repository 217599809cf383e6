import { FeedError } from "../../src/feeds/errors.ts";
import type { Batch, Feed, SampleSupply, Source, SourceAnswer } from "../../src/feeds/feed.ts";
import type { FeedOptions } from "../../src/feeds/mod.ts";
import type { Sample } from "../../src/samples/sample.ts";

/** An address at which nothing listens. */
export const NOWHERE = "http://127.0.0.1:1/";

/** Options with which no feed reaches the internet. */
export function feedOptions(options: Partial<FeedOptions> = {}): FeedOptions {
  return {
    sentimentApiUrl: NOWHERE,
    krakenUrl: NOWHERE,
    coinbaseUrl: NOWHERE,
    bitstampUrl: NOWHERE,
    okxUrls: [NOWHERE],
    bybitUrls: [NOWHERE],
    now: Date.now,
    ...options,
  };
}

/** Asks every source once and combines the answers of those that did not fail. */
export async function fetchBatch(
  supply: SampleSupply,
  now: number,
  stored: readonly Sample[] = [],
): Promise<Batch> {
  const answers = new Map<string, SourceAnswer>();
  await Promise.all(supply.sources.map(async (source) => {
    try {
      answers.set(source.name, await source.fetchSamples(AbortSignal.timeout(30_000)));
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
    }
  }));
  return supply.combine(answers, { now, stored });
}

/** The source of a feed that has one. */
export function onlySource({ name, sources }: Feed): Source {
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    throw new Error(`${name} must have one source, has ${sources.length}`);
  }
  return source;
}
