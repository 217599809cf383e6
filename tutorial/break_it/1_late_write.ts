/** A late write takes the answer back. Two instances share one Redis; the writes of A are slow. */
import { createApp, refresh } from "../6_service.ts";
import { ask, feedOf, rowAt, startAnew } from "./setup.ts";

type Work = () => Promise<void>;

const redis = await startAnew();
const earlier = [rowAt("2021-07-07T15:00Z", 34000), rowAt("2021-07-07T16:00Z", 34100)];
const newer = rowAt("2021-07-07T17:00Z", 33000);
await refresh({ redis, feedUrl: feedOf(earlier), later: () => {} });

const slow: Work[] = [];
const a = createApp({ redis, feedUrl: "", later: (_name, work) => slow.push(work) });
console.log("A answers from the series:", await ask(a));

const prompt: Promise<void>[] = [];
const b = { redis, feedUrl: feedOf([newer]), later: runNow };
await refresh(b);
await Promise.all(prompt);
console.log("B stores a newer sample:  ", await ask(createApp(b)));

for (const work of slow) await work();
console.log("A's cache write arrives.");
console.log("A answers:", await ask(a));
console.log("B answers:", await ask(createApp(b)));
await redis.quit();

function runNow(_name: string, work: Work): void {
  prompt.push(work());
}
