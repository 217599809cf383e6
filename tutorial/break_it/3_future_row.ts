/** A row from the future freezes the answer: the newest sample decides which hours are compared. */
import { createApp } from "../6_service.ts";
import { ask, rowAt, startAnew, storeRows } from "./setup.ts";

const redis = await startAnew();
const app = createApp({ redis, feedUrl: "" });

await storeRows(redis, [rowAt("2021-07-07T15:00Z", 34000), rowAt("2021-07-07T16:00Z", 34100)]);
console.log("Two good rows: ", await ask(app));

await storeRows(redis, [rowAt("2031-07-07T17:00Z", 34200)]);
console.log("A wrong clock: ", await ask(app));

await storeRows(redis, [rowAt("2021-07-07T17:00Z", 33000), rowAt("2021-07-07T18:00Z", 32000)]);
console.log("Two good rows: ", await ask(app));
await redis.quit();
