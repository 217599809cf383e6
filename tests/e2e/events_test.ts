import { assert, assertEquals } from "@std/assert";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";
import { startTestRedis } from "../helpers/redis.ts";

Deno.test("an update reaches a stream of another instance within 1 s", async () => {
  let now = Date.now() - 3_600_000;
  await using feed = serveLocally(() => Response.json(simulateRows(now)));
  await using store = await startTestRedis();
  const environment = {
    ...{ REDIS_URL: store.url, KEY_PREFIX: store.prefix, SENTIMENT_API_URL: feed.url },
    REFRESH_MIN_INTERVAL_SECONDS: "0",
  };
  await using first = runTask("start", environment);
  await using second = runTask("start", environment);
  const [asked, listening] = await Promise.all([first.url, second.url]);

  const stop = new AbortController();
  const stream = await fetch(`${listening}/events`, { signal: stop.signal });
  let text = "";
  const reading = (async () => {
    const decoded = stream.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of decoded) text += chunk;
  })().catch(() => {});
  await eventually(() => text.includes("event: summary"));

  now += 3_600_000;
  const { as_of } = await (await fetch(`${asked}/refresh`, { method: "POST" })).json();
  const start = performance.now();
  await eventually(() => text.includes(`id: ${as_of}`));
  const ms = performance.now() - start;
  assert(ms < 1_000, `${ms} ms`);
  assertEquals(text.split(`id: ${as_of}`).length, 2);
  stop.abort();
  await reading;
});
