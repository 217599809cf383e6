/** Step 4: two endpoints. `POST /refresh` fetches and stores, `GET /is-bitcoin-lit` compares. */
import { Hono } from "hono";
import { prettyJSON } from "hono/pretty-json";
import { Redis } from "ioredis";
import * as z from "zod";

const FEED_URL = Deno.env.get("SENTIMENT_API_URL") ?? new URL("day.json", import.meta.url);
const PRICE_KEY = "tutorial:price:mean:30s";
const SENTIMENT_KEY = "tutorial:sentiment:mean:30s";
const HOUR_MS = 60 * 60 * 1000;
const Row = z.object({ timestamp: z.number(), btc_price: z.coerce.number(), mean: z.number() });
const Sample = z.tuple([z.number(), z.coerce.number()]);
/** The connection of this process; ioredis opens it again when it breaks. */
export const redis = new Redis(Deno.env.get("REDIS_URL") ?? "redis://localhost:6379");

if (import.meta.main) {
  const app = new Hono().use(prettyJSON({ force: true }));
  app.post("/refresh", async (c) => c.json(await refresh()));
  app.get("/is-bitcoin-lit", async (c) => c.json(await summarize()));
  Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? "8000") }, app.fetch);
}

/** Stores what the feed has, and returns how many rows that were. */
export async function refresh() {
  for (const key of [PRICE_KEY, SENTIMENT_KEY]) {
    // It fails if the series exists, and that is fine.
    await redis.call("TS.CREATE", key, "DUPLICATE_POLICY", "FIRST").catch(() => {});
  }
  const rows = z.array(Row).parse(await (await fetch(FEED_URL)).json());
  const triples = rows.flatMap(({ timestamp, btc_price, mean }) => {
    const time = Math.trunc(timestamp * 1000);
    return [PRICE_KEY, time, btc_price, SENTIMENT_KEY, time, mean];
  });
  await redis.call("TS.MADD", ...triples);
  return { rows: rows.length };
}

/** Compares the last three clock hours, UTC. */
export async function summarize() {
  const [newest] = Sample.parse(await redis.call("TS.GET", SENTIMENT_KEY));
  const from = Math.floor(newest / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
  const sentiments = new Map(await readAverages(SENTIMENT_KEY, from));
  const hours = (await readAverages(PRICE_KEY, from)).flatMap(([time, price]) => {
    const sentiment = sentiments.get(time);
    return sentiment === undefined ? [] : { time: new Date(time).toISOString(), price, sentiment };
  });
  const price_direction = compare(hours.map(({ price }) => price));
  const sentiment_direction = compare(hours.map(({ sentiment }) => sentiment));
  return { hourly_average_of_averages: hours, price_direction, sentiment_direction };
}

async function readAverages(key: string, from: number) {
  const reply = await redis.call("TS.RANGE", key, from, "+", "AGGREGATION", "avg", HOUR_MS);
  return z.array(Sample).parse(reply);
}

function compare([first = NaN, ...others]: number[]) {
  const last = others.at(-1) ?? first;
  return last > first ? "rising" : last < first ? "falling" : "flat";
}
