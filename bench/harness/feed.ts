import { simulateRows } from "../../dev/senticrypt.ts";

/** The time between two rows of the feed. */
export const ROW_MS = 30_000;

const HOUR_MS = 3_600_000;

/** A simulated SentiCrypt whose rows change only when `advance()` is called. */
export interface Feed extends AsyncDisposable {
  readonly url: string;
  /** How many requests it had. */
  readonly requests: number;
  /** The samples of the day that it serves. */
  readonly samples: readonly FeedSample[];
  /** Serves so many newer rows, and as many of the oldest no longer. */
  advance(rows: number): void;
}

/** A row of the feed as it is stored in Redis. */
export interface FeedSample {
  readonly timestamp: number;
  readonly price: number;
  readonly sentiment: number;
}

/** Serves a day that ended three hours ago, so that no row that is added lies in the future. */
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
