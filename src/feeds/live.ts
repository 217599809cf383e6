import type { Clock, Feed } from "../core/ports.ts";
import type { FetchBounds } from "./http.ts";
import { joinFeeds } from "./join_feeds.ts";
import { createKraken } from "./kraken.ts";
import { createOkx } from "./okx.ts";

/** What the live feed needs. */
export interface LiveOptions extends FetchBounds {
  krakenUrl: string;
  okxUrl: string;
  clock: Clock;
}

/** Today's Bitcoin, without keys: the price from Kraken, the sentiment from positions at OKX. */
export function createLive({ krakenUrl, okxUrl, ...options }: LiveOptions): Feed {
  return joinFeeds("live", [
    createKraken({ ...options, url: krakenUrl }),
    createOkx({ ...options, url: okxUrl }),
  ]);
}
