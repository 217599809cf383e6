/** Step 5: a cache in Redis, written after the response. What is stored and compared is step 4's. */
import { Hono } from "hono";
import { prettyJSON } from "hono/pretty-json";
import { redis, refresh, summarize } from "./4_endpoints.ts";

const CACHE_KEY = "tutorial:cache";
const TWO_MINUTES = 2 * 60;

await redis.del(CACHE_KEY);

const app = new Hono().use(prettyJSON({ force: true }));

app.post("/refresh", async (c) => {
  const report = await refresh();
  afterResponse("cache", async () => writeCache(await summarize()));
  return c.json(report);
});

app.get("/is-bitcoin-lit", async (c) => {
  const cached = await redis.get(CACHE_KEY);
  if (cached !== null) {
    console.log("answered from the cache");
    return c.json(JSON.parse(cached));
  }
  const summary = await summarize();
  afterResponse("cache", () => writeCache(summary));
  console.log("answered from the series");
  return c.json(summary);
});

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? "8000") }, app.fetch);

async function writeCache(summary: unknown): Promise<void> {
  await redis.set(CACHE_KEY, JSON.stringify(summary), "EX", TWO_MINUTES);
  console.log(`cached for ${TWO_MINUTES} seconds`);
}

/** Starts work that the client doesn't wait for. An unhandled rejection would end the process. */
function afterResponse(name: string, work: () => Promise<void>): void {
  work().catch((error) => console.error(`${name} failed: ${error.message}`));
}
