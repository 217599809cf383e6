import type { Feed } from "./feed.ts";
import type { RequestOptions } from "./request.ts";

/** What feeds are created with: each reads what it needs. */
export interface FeedOptions extends RequestOptions {
  readonly sentimentApiUrl: string;
  readonly krakenUrl: string;
  readonly coinbaseUrl: string;
  readonly bitstampUrl: string;
  /** Addresses of the same data, tried in order. */
  readonly okxUrls: readonly string[];
  /** Addresses of the same data, tried in order. */
  readonly bybitUrls: readonly string[];
}

/** Loads the code of one feed and creates it. */
type LoadFeed = (options: FeedOptions) => Promise<Feed>;

/** The feeds that `FEED` can name: another one takes one line here. */
const FEEDS: ReadonlyMap<string, LoadFeed> = new Map<string, LoadFeed>([
  ["senticrypt", async (options) => (await import("./senticrypt.ts")).createSentiCrypt(options)],
  ["live", async (options) => (await import("./live.ts")).createLive(options)],
  ["simulated", async (options) => (await import("./senticrypt.ts")).createSimulated(options)],
]);

/** The names of all feeds. */
export const FEED_NAMES: readonly string[] = [...FEEDS.keys()];

/**
 * Creates the feed of a name. Its code loads at each call; the caller keeps the feed.
 *
 * @throws {RangeError} for another name than those in {@linkcode FEED_NAMES}
 */
export async function loadFeed(name: string, options: FeedOptions): Promise<Feed> {
  const load = FEEDS.get(name);
  if (load === undefined) {
    throw new RangeError(`loadFeed() needs one of ${FEED_NAMES.join(", ")}, got "${name}"`);
  }
  return await load(options);
}
