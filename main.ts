import { ConfigError, orExit, parseConfig, readCa } from "./src/config.ts";
import { createForwardTime, SYSTEM_CLOCK } from "./src/samples/clock.ts";
import { FEED_NAMES, loadFeed } from "./src/feeds/mod.ts";
import { serve, type Server } from "./src/http/serve.ts";
import { createLog } from "./src/log.ts";
import { createService } from "./src/service.ts";
import { VERSION } from "./src/version.ts";

/** Deno Deploy kills the process 5 s after the signal. */
const SHUTDOWN_MS = 4_500;

/** Between them they import every module that a start, a page or a scrape loads. */
const WARM_PATHS = ["/is-bitcoin-lit", "/", "/metrics"];

const config = orExit(() => parseConfig(Deno.env.toObject(), FEED_NAMES));
const log = createLog(config.logLevel);
// Rows are compared with a time that does not step back with the wall clock.
const now = createForwardTime(SYSTEM_CLOCK);
const service = createService(config, {
  log,
  ca: orExit(() => readCa(config.redisCaFile)),
  loadFeed: () =>
    loadFeed(config.feed, {
      ...config,
      now,
      wallNow: SYSTEM_CLOCK.now,
      userAgent: `is-bitcoin-lit/${VERSION}`,
    }),
  onRequest: config.isTraced ? (await import("./src/observe/tracing.ts")).markRoute : undefined,
});

const cron = new AbortController();
// Deno starts no tick while the promise of the last one is pending.
Deno.cron("refresh", "* * * * *", { signal: cron.signal }, () => service.tick());

// Before the port is known: a signal between listening and its listener would end the process at once.
for (const signal of ["SIGTERM", "SIGINT"] as const) Deno.addSignalListener(signal, shutDown);
const server = orExit(listen);
service.start();
if (Deno.args.includes("--warm")) await warm();

// The last line, and last here: an error while the process starts must end it.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  service.countUnhandled("rejection", event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  service.countUnhandled("exception", event.error);
});

function listen(): Server {
  const { host: hostname, port } = config;
  try {
    const build = { version: VERSION, feed: config.feed };
    return serve(service.fetch, { hostname, port, log, build });
  } catch (cause) {
    const reason = cause instanceof Deno.errors.AddrInUse
      ? "stop what listens there, or set PORT to another"
      : cause;
    throw new ConfigError(
      `HOST and PORT must be free to listen on, are ${hostname}:${port}: ${reason}`,
    );
  }
}

/** Loads what most requests need, and ends: V8 keeps the compiled code in `DENO_DIR` for the next start. */
async function warm(): Promise<void> {
  for (const path of WARM_PATHS) {
    const response = await fetch(new URL(path, server.url));
    await response.body?.cancel();
  }
  await shutDown();
}

async function shutDown(): Promise<void> {
  // Ctrl-C arrives twice if a task runner forwards it.
  if (cron.signal.aborted) return;
  log.info("shutting down");
  cron.abort();
  setTimeout(exitNow, SHUTDOWN_MS);
  await service.stop(() => server.shutdown());
  Deno.exit(0);
}

/** Cuts what is still open. Requests that never arrived in full do not count as cut. */
function exitNow(): never {
  const { pending } = server;
  const report = pending > 0 ? log.error : log.warn;
  report("the shutdown took too long and ends now", { limit_ms: SHUTDOWN_MS, pending });
  Deno.exit(pending > 0 ? 1 : 0);
}
