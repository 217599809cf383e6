/** An exchange lies: one wrong price turns the answer round, and stays after it was corrected. */
import { createApp } from "../6_service.ts";
import { ask, rowAt, startAnew, storeRows } from "./setup.ts";

const redis = await startAnew();
const app = createApp({ redis, feedUrl: "" });

const before = [rowAt("2021-07-07T15:00Z", 34000), rowAt("2021-07-07T16:00Z", 33900)];
await storeRows(redis, [...before, rowAt("2021-07-07T17:00Z", 33800)]);
console.log("Prices fall: ", await ask(app));

await storeRows(redis, [rowAt("2021-07-07T17:01Z", 338000)]);
console.log("A zero more: ", await ask(app));

await storeRows(redis, [rowAt("2021-07-07T17:01Z", 33800)]);
console.log("Corrected:   ", await ask(app));
await redis.quit();
