/** Redis hangs, and so does every client: a server that accepts connections and never answers. */
import { Redis } from "ioredis";
import { createApp } from "../6_service.ts";

const WAIT_SECONDS = 2;

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
listener.accept();

const redis = new Redis({ host: "127.0.0.1", port: listener.addr.port });
const app = createApp({ redis, feedUrl: "" });

const answer = Promise.resolve(app.request("/is-bitcoin-lit")).then(({ status }) => status);
for (let seconds = 1; seconds <= WAIT_SECONDS; seconds++) {
  const status = await Promise.race([answer, oneSecond()]);
  console.log(`after ${seconds} s: ${status ?? "no answer"}`);
}
console.log("It would wait as long as the connection lasts.");
Deno.exit();

function oneSecond(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), 1000));
}
