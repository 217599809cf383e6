/**
 * Step 6: the whole service. Each minute it fetches the last 24 hours of Bitcoin's price and
 * sentiment; `GET /is-bitcoin-lit` compares the hourly averages of the last three hours.
 */
import { Hono } from "hono";
import { prettyJSON } from "hono/pretty-json";
import { Redis } from "ioredis";
import * as z from "zod";

const SERIES = { price: "tutorial:price:mean:30s", sentiment: "tutorial:sentiment:mean:30s" };
const CACHE_KEY = "tutorial:cache";
const TWO_MINUTES = 2 * 60;
const HOUR_MS = 60 * 60 * 1000;

/** A row of SentiCrypt: averages over 30 seconds. The other fields are not needed. */
const Row = z.object({ timestamp: z.number(), btc_price: z.coerce.number(), mean: z.number() });
const Sample = z.tuple([z.number(), z.coerce.number()]);
const Direction = z.enum(["rising", "falling", "flat"]);
const Hour = z.object({ time: z.string(), price: z.number(), sentiment: z.number() });
const Summary = z.object({
  hourly_average_of_averages: z.array(Hour),
  price_direction: Direction,
  sentiment_direction: Direction,
});
type Summary = z.infer<typeof Summary>;

/** What an instance of the service works with. */
export interface ServiceOptions {
  readonly redis: Redis;
  /** Where `fetch` finds the rows. */
  readonly feedUrl: string | URL;
  /** Starts work that no client waits for. @default runLater */
  readonly later?: (name: string, work: () => Promise<void>) => void;
}

if (import.meta.main) {
  const feedUrl = Deno.env.get("SENTIMENT_API_URL") ?? new URL("day.json", import.meta.url);
  const redis = new Redis(Deno.env.get("REDIS_URL") ?? "redis://localhost:6379");
  await createSeries(redis);
  Deno.cron("refresh", "* * * * *", async () => {
    console.log(`scheduled refresh: ${await refresh({ redis, feedUrl })} rows`);
  });
  const port = Number(Deno.env.get("PORT") ?? "8000");
  Deno.serve({ hostname: "127.0.0.1", port }, createApp({ redis, feedUrl }).fetch);
}

/** Creates the two endpoints. */
export function createApp(options: ServiceOptions): Hono {
  const { redis, later = runLater } = options;
  const app = new Hono();
  app.use(prettyJSON({ force: true }));

  app.post("/refresh", async (c) => c.json({ rows: await refresh(options) }));

  app.get("/is-bitcoin-lit", async (c) => {
    const cached = await readCache(redis);
    if (cached !== undefined) return c.json(cached);
    const summary = await summarize(redis);
    if (summary === undefined) return c.json({ error: "no data yet: POST /refresh first" }, 503);
    later("cache", () => writeCache(redis, summary));
    return c.json(summary);
  });

  return app;
}

/** Fetches, stores, and returns the number of rows. The summary is cached later. */
export async function refresh({ redis, feedUrl, later = runLater }: ServiceOptions) {
  const response = await fetch(feedUrl);
  if (!response.ok) throw new Error(`The feed must answer 200, not ${response.status}`);
  const rows = z.array(Row).parse(await response.json());
  await storeRows(redis, rows);
  later("cache", async () => {
    const summary = await summarize(redis);
    if (summary !== undefined) await writeCache(redis, summary);
  });
  return rows.length;
}

/** Creates both series, unless they exist. */
export async function createSeries(redis: Redis): Promise<void> {
  for (const [metric, key] of Object.entries(SERIES)) {
    const options = ["DUPLICATE_POLICY", "FIRST", "LABELS", "asset", "btc", "metric", metric];
    await redis.call("TS.CREATE", key, ...options).catch((error: Error) => {
      if (!error.message.includes("already exists")) throw error;
    });
  }
}

async function storeRows(redis: Redis, rows: z.infer<typeof Row>[]): Promise<void> {
  const triples = rows.flatMap(({ timestamp, btc_price, mean }) => {
    const time = Math.trunc(timestamp * 1000);
    return [SERIES.price, time, btc_price, SERIES.sentiment, time, mean];
  });
  if (triples.length === 0) return;
  const replies = z.array(z.unknown()).parse(await redis.call("TS.MADD", ...triples));
  const error = replies.find((reply) => reply instanceof Error);
  if (error !== undefined) throw error;
}

/** Compares the three clock hours that end with the newest one; `undefined` without data. */
export async function summarize(redis: Redis): Promise<Summary | undefined> {
  const newest = await Promise.all([
    readNewest(redis, SERIES.price),
    readNewest(redis, SERIES.sentiment),
  ]);
  const from = Math.floor(Math.min(...newest) / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  if (!Number.isFinite(from)) return undefined;
  const sentiments = new Map(await readAverages(redis, SERIES.sentiment, from));
  const hours = (await readAverages(redis, SERIES.price, from)).flatMap(([hour, price]) => {
    const sentiment = sentiments.get(hour);
    return sentiment === undefined ? [] : { time: new Date(hour).toISOString(), price, sentiment };
  });
  return {
    hourly_average_of_averages: hours,
    price_direction: compare(hours.map(({ price }) => price)),
    sentiment_direction: compare(hours.map(({ sentiment }) => sentiment)),
  };
}

async function readNewest(redis: Redis, key: string): Promise<number> {
  const [newest] = z.array(z.unknown()).parse(await redis.call("TS.GET", key));
  return newest === undefined ? NaN : Number(newest);
}

async function readAverages(redis: Redis, key: string, from: number) {
  const reply = await redis.call("TS.RANGE", key, from, "+", "AGGREGATION", "avg", HOUR_MS);
  return z.array(Sample).parse(reply);
}

function compare([first = NaN, ...others]: number[]): z.infer<typeof Direction> {
  const last = others.at(-1) ?? first;
  if (last > first) return "rising";
  return last < first ? "falling" : "flat";
}

async function readCache(redis: Redis): Promise<Summary | undefined> {
  const cached = await redis.get(CACHE_KEY);
  return cached === null ? undefined : Summary.parse(JSON.parse(cached));
}

async function writeCache(redis: Redis, summary: Summary): Promise<void> {
  await redis.set(CACHE_KEY, JSON.stringify(summary), "EX", TWO_MINUTES);
}

/** An unhandled rejection would end the process. */
function runLater(name: string, work: () => Promise<void>): void {
  work().catch((error) => console.error(`${name} failed: ${error.message}`));
}
