/** Step 3: hourly averages of what step 2 stored, and what a start in mid-hour does to them. */
import { Redis } from "ioredis";
import * as z from "zod";

const PRICE_KEY = "tutorial:price:mean:30s";
const SENTIMENT_KEY = "tutorial:sentiment:mean:30s";
const HOUR_MS = 60 * 60 * 1000;

// ioredis returns values as strings, and Redis may write 0.1875 as "1.875E-1".
const Sample = z.tuple([z.number(), z.coerce.number()]);

const redis = new Redis(Deno.env.get("REDIS_URL") ?? "redis://localhost:6379");

const [newest] = Sample.parse(await redis.call("TS.GET", SENTIMENT_KEY));
const lastHour = Math.floor(newest / HOUR_MS) * HOUR_MS;
console.log("Newest sentiment:", formatTime(newest));

await printAverages("two hours before it", newest - 2 * HOUR_MS);
await printAverages("the top of that hour", lastHour - 2 * HOUR_MS);

const prices = await readAverages(PRICE_KEY, lastHour - 2 * HOUR_MS);
const sentiments = await readAverages(SENTIMENT_KEY, lastHour - 2 * HOUR_MS);
console.log("Price is", compare(prices), "and sentiment is", compare(sentiments));
await redis.quit();

async function printAverages(start: string, from: number): Promise<void> {
  console.log(`Average prices from ${start} (${formatTime(from)}):`);
  for (const [hour, price] of await readAverages(PRICE_KEY, from)) {
    console.log(`  ${formatTime(hour)}  ${price.toFixed(2)}`);
  }
}

async function readAverages(key: string, from: number): Promise<z.infer<typeof Sample>[]> {
  const reply = await redis.call("TS.RANGE", key, from, "+", "AGGREGATION", "avg", HOUR_MS);
  return z.array(Sample).parse(reply);
}

function compare(averages: z.infer<typeof Sample>[]): "rising" | "falling" | "flat" {
  const first = averages.at(0)?.[1] ?? NaN;
  const last = averages.at(-1)?.[1] ?? NaN;
  if (last > first) return "rising";
  return last < first ? "falling" : "flat";
}

function formatTime(timestamp: number): string {
  return new Date(timestamp).toISOString().slice(0, 16).replace("T", " ");
}
