/** Step 2: a day of prices and sentiments in one command, and a reply for each sample. */
import { Redis } from "ioredis";
import day from "./day.json" with { type: "json" };

const PRICE_KEY = "tutorial:price:mean:30s";
const SENTIMENT_KEY = "tutorial:sentiment:mean:30s";

const redis = new Redis(Deno.env.get("REDIS_URL") ?? "redis://localhost:6379");
await redis.del(PRICE_KEY, SENTIMENT_KEY);
await create(PRICE_KEY, "price");
await create(SENTIMENT_KEY, "sentiment");

const triples = day.flatMap((row) => {
  const timestamp = Math.trunc(row.timestamp * 1000);
  return [PRICE_KEY, timestamp, row.btc_price, SENTIMENT_KEY, timestamp, row.mean];
});
await send(`a day of ${day.length} rows`, triples);
await send("the same day again", triples);

const now = Date.parse("2021-07-07T17:30:00Z");
await send("three samples, two of them bad", [
  ...[PRICE_KEY, now, "34212.00"],
  ...[SENTIMENT_KEY, now, "unknown"],
  ...["tutorial:volume", now, 12],
]);
console.log("Newest price:", await redis.call("TS.GET", PRICE_KEY));
console.log("Newest sentiment:", await redis.call("TS.GET", SENTIMENT_KEY));
await redis.quit();

async function create(key: string, metric: string): Promise<void> {
  const labels = ["LABELS", "asset", "btc", "metric", metric];
  await redis.call("TS.CREATE", key, "DUPLICATE_POLICY", "FIRST", ...labels);
}

async function send(what: string, triples: (string | number)[]): Promise<void> {
  const replies = await redis.call("TS.MADD", ...triples);
  if (!Array.isArray(replies)) throw new Error(`TS.MADD must reply with a list, not ${replies}`);
  const errors = replies.filter((reply) => reply instanceof Error).map(({ message }) => message);
  console.log(`Sent ${what}: ${replies.length} replies, ${errors.length} errors`);
  for (const message of new Set(errors)) console.log("  " + message);
}
