/** A row from the future freezes the answer: the newest sample decides which hours are compared. */
import { createApp, refresh } from "../6_service.ts";
import { ask, feedOf, type Row, rowAt, startAnew } from "./setup.ts";

const redis = await startAnew();
const app = createApp({ redis, feedUrl: "" });

await store([rowAt("2021-07-07T15:00Z", 34000), rowAt("2021-07-07T16:00Z", 34100)]);
console.log("Two good rows: ", await ask(app));

await store([rowAt("2031-07-07T17:00Z", 34200)]);
console.log("A wrong clock: ", await ask(app));

await store([rowAt("2021-07-07T17:00Z", 33000), rowAt("2021-07-07T18:00Z", 32000)]);
console.log("Two good rows: ", await ask(app));
await redis.quit();

async function store(rows: Row[]): Promise<void> {
  await refresh({ redis, feedUrl: feedOf(rows), later: () => {} });
  await redis.del("tutorial:cache");
}
