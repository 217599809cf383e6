import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { HOUR_MS, startOfHour } from "../../src/core/summary.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { type Running, runTask } from "../helpers/process.ts";
import { TcpProxy } from "../helpers/tcp_proxy.ts";

const TICK_MS = 60_000;

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

  /** The rows there are now, as the feed gives them. */
  answer(): Response {
    return Response.json(this.#rows);
  }

  /** Adds a row: a refresh then has something to store, and the summary another `as_of`. */
  advance(): void {
    this.#earlier = this.summary;
    this.#rows = [...this.#rows, row(this.#newest + 1_000, 34_500, 0.75)];
  }

  /** The body that a client reads once all rows are stored; averages of equal values are exact. */
  get summary(): string {
    return JSON.stringify({
      hourly_average_of_averages: [2, 1, 0].map((ago) => ({
        time: new Date(this.#hour - ago * HOUR_MS).toISOString(),
        price: 34_500 - ago,
        sentiment: 0.75 - ago / 4,
      })),
      ...{ price_direction: "rising", sentiment_direction: "rising", lit: true },
      ...{ as_of: new Date(this.#newest).toISOString(), stale: false, feed: "senticrypt" },
    });
  }

  /** What may be read now: the summary with the last row or without. */
  readonly truth = (): readonly string[] => [this.summary, this.#earlier ?? this.summary];

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  get #newest(): number {
    return (this.#rows.at(-1)?.timestamp ?? 0) * 1_000;
  }
}

function row(timestamp: number, price: number, mean: number) {
  return { timestamp: timestamp / 1_000, btc_price: price.toFixed(2), mean };
}

/** The service as a process, with a proxy on the way to Redis and one on the way to the feed. */
export interface Rig extends AsyncDisposable {
  readonly url: string;
  readonly service: Running;
  readonly redis: TcpProxy;
  readonly feedLink: TcpProxy;
  readonly feed: ScriptedFeed;
  readonly store: ReturnType<typeof startEmbeddedRedis>;
}

/**
 * Starts the service; `harm` may harm a link before. Another instance seems to do the ticks, so that
 * a test knows of every refresh there is.
 */
export async function startRig(harm: (redis: TcpProxy) => unknown = () => {}): Promise<Rig> {
  await using parts = new AsyncDisposableStack();
  const store = parts.use(startEmbeddedRedis());
  const feed = parts.use(new ScriptedFeed());
  const redis = parts.use(await TcpProxy.start(store.port));
  const feedLink = parts.use(await TcpProxy.start(Number(new URL(feed.url).port)));
  await claimTicks(store.port);
  await harm(redis);
  const urls = [`redis://127.0.0.1:${redis.port}`, `http://127.0.0.1:${feedLink.port}/`] as const;
  const service = parts.use(runTask("start", environmentOf(...urls)));
  const url = await service.url;
  const owned = parts.move();
  return {
    ...{ url, service, redis, feedLink, feed, store },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What a service is told whose every refresh asks the feed, and whose rows are never stale. */
export function environmentOf(redisUrl: string, feedUrl: string): Record<string, string> {
  return {
    REDIS_URL: redisUrl,
    SENTIMENT_API_URL: feedUrl,
    REFRESH_MIN_INTERVAL_SECONDS: "0",
    STALE_AFTER_SECONDS: "86400",
  };
}

async function claimTicks(port: number): Promise<void> {
  using redis = await RespClient.connect(port);
  const slot = Math.round(Date.now() / TICK_MS);
  for (const claimed of [slot, slot + 1, slot + 2]) {
    await redis.call("SET", `is-bitcoin-lit:claim:refresh:${claimed}`, "1");
  }
}

/** Waits until the summary can be read, and the fill is over: a refresh would else join it. */
export async function warmUp({ url, feed, service }: Rig): Promise<void> {
  await eventually(async () => await read(url) === feed.summary);
  await eventually(() => service.output().includes('"message":"refreshed"'));
}

/** Reads the summary once. */
export async function read(url: string): Promise<string> {
  return await (await fetch(`${url}/is-bitcoin-lit`)).text();
}

/** Refreshes once, and says with which status and how soon. */
export async function refresh(url: string): Promise<{ status: number; type: string; ms: number }> {
  const start = performance.now();
  const response = await fetch(`${url}/refresh`, { method: "POST" });
  const { type = "" } = await response.json();
  return { status: response.status, type, ms: performance.now() - start };
}
