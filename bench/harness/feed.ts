import { simulateRows } from "../../dev/senticrypt.ts";

/** One row of the feed, in time. */
export const ROW_MS = 30_000;

const HOUR_MS = 3_600_000;

/** A simulated SentiCrypt whose day stands still until it is moved on. */
export interface Feed extends AsyncDisposable {
  readonly url: string;
  /** How often it was asked. */
  readonly requests: number;
  /** The samples of the day it serves, as arguments of `TS.MADD` behind the keys. */
  readonly samples: readonly FeedSample[];
  /** Serves so many rows more, and as many of the oldest no longer. */
  advance(rows: number): void;
}

/** A row of the feed as it ends up in Redis. */
export interface FeedSample {
  readonly timestamp: number;
  readonly price: number;
  readonly sentiment: number;
}

/** Serves a day that ended three hours ago: it can be moved on without coming from the future. */
export function serveFeed(): Feed {
  let end = Date.now() - 3 * HOUR_MS;
  let rows = simulateRows(end);
  let body = JSON.stringify(rows);
  let requests = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    requests++;
    return new Response(body, { headers: { "content-type": "application/json" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    get requests() {
      return requests;
    },
    get samples() {
      return rows.map(({ timestamp, btc_price, mean }) => ({
        timestamp: timestamp * 1_000,
        price: Number(btc_price),
        sentiment: mean,
      }));
    },
    advance(count) {
      end += count * ROW_MS;
      rows = simulateRows(end);
      body = JSON.stringify(rows);
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
