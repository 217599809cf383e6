/** A client that reconnects misses a change: an event stream that only sends what happens now. */
import { streamSSE } from "hono/streaming";
import { createApp } from "../6_service.ts";
import { ask, type Row, rowAt, startAnew, storeRows } from "./setup.ts";

const redis = await startAnew();
const app = createApp({ redis, feedUrl: "" });
const changes = new EventTarget();

app.get("/events", (c) =>
  streamSSE(c, async (stream) => {
    const send = async () => stream.writeSSE({ data: await ask(app) });
    changes.addEventListener("change", send);
    await new Promise<void>((resolve) => stream.onAbort(resolve));
    changes.removeEventListener("change", send);
  }));

const first = await connect();
await storeAndTell([rowAt("2021-07-07T15:00Z", 34000), rowAt("2021-07-07T16:00Z", 34100)]);
console.log("The client receives:", (await first.read()).value?.trim());
await first.cancel();

await storeAndTell([rowAt("2021-07-07T17:00Z", 33000)]);
console.log("The answer is now:  ", await ask(app));

const second = await connect();
const heard = await Promise.race([second.read(), nothing()]);
console.log("After its reconnect:", heard?.value ?? "nothing for a second");
Deno.exit();

async function connect(): Promise<ReadableStreamDefaultReader<string>> {
  const response = await app.request("/events");
  if (response.body === null) throw new Error("GET /events must have a body");
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}

async function storeAndTell(rows: Row[]): Promise<void> {
  await storeRows(redis, rows);
  changes.dispatchEvent(new Event("change"));
}

function nothing(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 1000));
}
