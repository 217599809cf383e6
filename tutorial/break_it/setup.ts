/** What the six programs share: an empty start, feeds made of a few rows, and short answers. */
import type { Hono } from "hono";
import { Redis } from "ioredis";
import * as z from "zod";
import { createSeries, refresh } from "../6_service.ts";

/** A row of a feed: Unix seconds, US dollars, and the sentiment from −1 to 1. */
export interface Row {
  readonly timestamp: number;
  readonly btc_price: string;
  readonly mean: number;
}

const Answer = z.object({
  hourly_average_of_averages: z.array(z.object({ time: z.string(), price: z.number() })),
  price_direction: z.string(),
});

/** Where the six programs find Redis. */
export const REDIS_URL = Deno.env.get("REDIS_URL") ?? "redis://localhost:6379";

/** Connects, deletes what the tutorial stored, and creates the two series. */
export async function startAnew(): Promise<Redis> {
  const redis = new Redis(REDIS_URL);
  const keys = await redis.keys("tutorial:*");
  if (keys.length > 0) await redis.del(keys);
  await createSeries(redis);
  return redis;
}

/** A row at a UTC time such as `2021-07-07T15:00Z`. */
export function rowAt(time: string, price: number, mean = 0.25): Row {
  return { timestamp: Date.parse(time) / 1000, btc_price: price.toFixed(2), mean };
}

/** The URL of a feed that always answers with these rows: `fetch` reads data URLs. */
export function feedOf(rows: Row[]): string {
  return `data:application/json,${encodeURIComponent(JSON.stringify(rows))}`;
}

/** Stores rows as a refresh does, and deletes the cache as if its two minutes were over. */
export async function storeRows(redis: Redis, rows: Row[]): Promise<void> {
  await refresh({ redis, feedUrl: feedOf(rows), later: () => {} });
  await redis.del("tutorial:cache");
}

/** Asks for the answer and shortens it: `15:00 34000, 16:00 34100: rising`. */
export async function ask(app: Hono): Promise<string> {
  const response = await app.request("/is-bitcoin-lit");
  const { hourly_average_of_averages, price_direction } = Answer.parse(await response.json());
  const hours = hourly_average_of_averages.map(({ time, price }) =>
    `${time.slice(0, 16).replace("2021-07-07T", "")} ${price}`
  );
  return `${hours.join(", ")}: ${price_direction}`;
}
