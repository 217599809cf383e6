import type { Clock, Feed } from "../core/ports.ts";

/** What feeds are made with: each takes what it needs. */
export interface FeedOptions {
  readonly sentimentApiUrl: string;
  readonly krakenUrl: string;
  readonly okxUrl: string;
  readonly clock: Clock;
}

/** The feeds that `FEED` can name: another one takes a line here. */
const FEEDS = {
  senticrypt: async ({ sentimentApiUrl: url, clock }) =>
    (await import("./senticrypt.ts")).createSentiCrypt({ url, clock }),
  live: async ({ krakenUrl, okxUrl, clock }) =>
    (await import("./live.ts")).createLive({ krakenUrl, okxUrl, clock }),
} satisfies Record<string, (options: FeedOptions) => Promise<Feed>>;

/** The name of a feed. */
export type FeedName = keyof typeof FEEDS;

/** The names of all feeds. */
export const FEED_NAMES = Object.keys(FEEDS);

/** Whether `name` is the name of a feed. */
export function isFeedName(name: unknown): name is FeedName {
  return typeof name === "string" && Object.hasOwn(FEEDS, name);
}

/** Makes the feed of a name. It loads when it is first asked: a start on a filled store never does. */
export function createFeed(name: FeedName, options: FeedOptions): Feed {
  let loading: Promise<Feed> | undefined;
  return {
    name,
    async fetchSamples(signal) {
      const feed = await (loading ??= FEEDS[name](options));
      return await feed.fetchSamples(signal);
    },
  };
}
