/**
 * Runs the service for development: embeds or simulates what the environment does not name, and starts
 * the service again whenever one of its files changes. Store and feed live in this process, so their
 * data outlives a restart.
 *
 * @module
 */
import { ConfigError, parseConfig } from "../src/config.ts";
import { orExit } from "../src/exit.ts";
import { FEED_NAMES } from "../src/feeds/mod.ts";
import { startEmbeddedRedis } from "./redis/mod.ts";
import { serveSimulatedSentiCrypt } from "./senticrypt.ts";
import { superviseService } from "./supervise.ts";

const LOOPBACK = "127.0.0.1";

const environment: Record<string, string> = Deno.env.toObject();
environment.HOST ||= LOOPBACK;
const notes = [embedStore(environment), simulateFeed(environment)];
environment.PORT = orExit(() => choosePort(environment));

console.log(`Is Bitcoin Lit: http://localhost:${environment.PORT} (${notes.join(", ")})`);
Deno.exit(await superviseService(environment));

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

/** Checks configuration and port here: after a failed start, the watcher waits for a changed file. */
function choosePort(environment: Record<string, string>): string {
  const { host: hostname, port } = parseConfig(environment, FEED_NAMES);
  try {
    using listener = Deno.listen({ hostname, port });
    return String(listener.addr.port);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    const fault = `Port ${port} is in use: stop what listens there, or set PORT to another`;
    throw new ConfigError(fault, { cause });
  }
}
