import { HOUR_MS, startOfHour } from "../../src/samples/bucket.ts";
import { serveLocally } from "../helpers/local_server.ts";

/** A feed whose rows are three hours old at most, and whose answers a test can replace. */
export class ScriptedFeed implements AsyncDisposable {
  readonly #server = serveLocally((request) => this.respond(request));
  readonly #hour = startOfHour(Date.now()) - HOUR_MS;
  #rows = [2, 1, 0].map((ago) => row(this.#hour - ago * HOUR_MS, 34_500 - ago, 0.75 - ago / 4));
  #earlier: string | undefined;
  respond: (request: Request) => Response | Promise<Response> = () => this.answer();

  get url(): string {
    return this.#server.url;
  }

  get requests(): number {
    return this.#server.requests;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rows.length;
  }

  /** The newest row's time, in Unix milliseconds. */
  get newest(): number {
    return (this.#rows.at(-1)?.timestamp ?? 0) * 1_000;
  }

  /** The rows as the feed answers them. */
  answer(): Response {
    return Response.json(this.#rows);
  }

  /** Adds a row: a refresh then has something to store, and the summary another `as_of`. */
  advance(): void {
    this.#earlier = this.summary;
    this.#rows = [...this.#rows, row(this.newest + 1_000, 34_500, 0.75)];
  }

  /** The body that a client reads once all rows are stored; averages of equal values are exact. */
  get summary(): string {
    const answer = {
      hourly_average_of_averages: [2, 1, 0].map((ago) => ({
        time: new Date(this.#hour - ago * HOUR_MS).toISOString(),
        price: 34_500 - ago,
        sentiment: 0.75 - ago / 4,
      })),
      price_direction: "rising",
      sentiment_direction: "rising",
      lit: true,
      as_of: new Date(this.newest).toISOString(),
      stale: false,
      feed: "senticrypt",
    };
    return `${JSON.stringify(answer)}\n`;
  }

  /** What may be read now: the summary with the last row or without. */
  readonly truth = (): readonly string[] => [this.summary, this.#earlier ?? this.summary];

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

function row(timestamp: number, price: number, mean: number) {
  return { timestamp: timestamp / 1_000, btc_price: price.toFixed(2), mean };
}
