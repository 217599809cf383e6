/**
 * Runs the service for development: embeds or simulates what the environment does not name, and starts
 * the service again whenever one of its files changes. Store and feed live in this process, so their
 * data outlives a restart.
 *
 * @module
 */
import { delay } from "@std/async/delay";
import { freePort } from "./free_port.ts";
import { parentEnded } from "./parents.ts";
import { startEmbeddedRedis } from "./redis/mod.ts";
import { serveSimulatedSentiCrypt } from "./senticrypt.ts";
import { superviseService } from "./supervise.ts";

const LOOPBACK = "127.0.0.1";
const DEFAULT_PORT = "8000";

/** The lines of the first refresh come before the address, unless it takes longer than this. */
const FIRST_REFRESH_MS = 10_000;
const POLL_MS = 50;

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const environment: Record<string, string> = Deno.env.toObject();
environment.HOST ||= LOOPBACK;
// A restart must not change the port.
environment.PORT = environment.PORT === "0" ? String(freePort()) : environment.PORT || DEFAULT_PORT;
console.log(`Development: ${embedStore(environment)}, ${simulateFeed(environment)}`);

const stopping = new AbortController();
for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, () => stopping.abort());
parentEnded(environment.npm_command === "exec").then(() => stopping.abort());
Deno.exit(await superviseService(environment, { signal: stopping.signal, onListening: announce }));

function embedStore(environment: Record<string, string>): string {
  if (environment.REDIS_URL) return "the Redis of REDIS_URL";
  environment.REDIS_URL = startEmbeddedRedis().url;
  return `embedded Redis at ${environment.REDIS_URL}`;
}

function simulateFeed(environment: Record<string, string>): string {
  const { FEED, SENTIMENT_API_URL } = environment;
  if (FEED === "live") return "live feed";
  if (SENTIMENT_API_URL) return "the feed of SENTIMENT_API_URL";
  if (FEED && FEED !== "simulated") return `feed ${FEED}`;
  environment.FEED = "simulated";
  environment.SENTIMENT_API_URL = serveSimulatedSentiCrypt().url;
  return "simulated feed";
}

/** Prints the address as the last line of the start. */
async function announce(): Promise<void> {
  const url = addressOf(environment);
  const end = performance.now() + FIRST_REFRESH_MS;
  while (!await hasRefreshed(url) && performance.now() < end) await delay(POLL_MS);
  console.log(`${url} (Ctrl-C stops)`);
}

/** Whether a refresh has ended, well or not. */
async function hasRefreshed(url: string): Promise<boolean> {
  try {
    const { sources } = await (await fetch(`${url}/readyz`)).json();
    return Array.isArray(sources) && sources.length > 0;
  } catch {
    return false;
  }
}

function addressOf({ HOST = "", PORT }: Record<string, string>): string {
  const isHere = ["0.0.0.0", "127.0.0.1", "::", "::1"].includes(HOST);
  const host = HOST.includes(":") ? `[${HOST}]` : HOST;
  return `http://${isHere ? "localhost" : host}:${PORT}`;
}
