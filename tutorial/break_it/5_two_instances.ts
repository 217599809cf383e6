/** Two instances ask the feed twice: each process has a schedule of its own. */
import { Redis } from "ioredis";
import { refresh } from "../6_service.ts";
import { REDIS_URL, rowAt, startAnew } from "./setup.ts";

const MINUTES = 3;

let requests = 0;
const feed = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
  requests++;
  return Response.json([rowAt("2021-07-07T15:00Z", 34000)]);
});
const feedUrl = `http://127.0.0.1:${feed.addr.port}/`;

const a = { redis: await startAnew(), feedUrl, later() {} };
const b = { redis: new Redis(REDIS_URL), feedUrl, later() {} };
for (let minute = 1; minute <= MINUTES; minute++) {
  await Promise.all([refresh(a), refresh(b)]);
  console.log(`minute ${minute}: the feed has had ${requests} requests`);
}

await Promise.all([a.redis.quit(), b.redis.quit(), feed.shutdown()]);
