/** Step 1: one time series. What it keeps, what it refuses, and what it forgets. */
import { Redis } from "ioredis";

const KEY = "tutorial:price:mean:30s";
const DAY_MS = 24 * 60 * 60 * 1000;
const NOON = Date.parse("2021-07-07T12:00:00Z");

const redis = new Redis(Deno.env.get("REDIS_URL") ?? "redis://localhost:6379");
await redis.del(KEY); // A second run starts anew.

console.log("Create a series:", await createSeries());
console.log("Create it again:", await createSeries().catch((error) => error.message));

console.log("Add 33740 at noon:", await add(NOON, 33740));
console.log("Add 99999 at noon:", await add(NOON, 99999));
console.log("Samples:", await readAll());

console.log("Add 33900 a day and a minute later:", await add(NOON + DAY_MS + 60_000, 33900));
console.log("Samples:", await readAll());

await redis.quit();

function createSeries(): Promise<unknown> {
  const options = ["RETENTION", DAY_MS, "DUPLICATE_POLICY", "FIRST"];
  return redis.call("TS.CREATE", KEY, ...options, "LABELS", "asset", "btc", "metric", "price");
}

function add(timestamp: number, value: number): Promise<unknown> {
  return redis.call("TS.ADD", KEY, timestamp, value);
}

function readAll(): Promise<unknown> {
  return redis.call("TS.RANGE", KEY, "-", "+");
}
