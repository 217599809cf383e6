import { delay } from "@std/async/delay";
import { fromFileUrl } from "@std/path/from-file-url";
import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);
const WATCHED = ["main.ts", "src"].map((path) => fromFileUrl(new URL(path, ROOT)));

const [, , ...FLAGS] = config.tasks.serve.command.split(" ");

/** An editor writes a file in several steps, and the first may leave it empty. */
const SETTLE_MS = 100;

/** How a service is supervised. */
export interface SupervisorOptions {
  /** Stops the service. */
  readonly signal: AbortSignal;
  /** Is called when the service listens for the first time. */
  readonly onListening: () => void;
}

/**
 * Runs the service with the permissions of `deno task start`, and again after each change to its files,
 * until the signal aborts or it ends without ever having listened.
 *
 * @returns the code to exit with
 */
export async function superviseService(
  env: Record<string, string>,
  { signal, onListening }: SupervisorOptions,
): Promise<number> {
  using link = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let hasListened = false;
  acceptAll(link, () => {
    if (!hasListened) onListening();
    hasListened = true;
  });
  const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  while (true) {
    const service = start(env, link.addr.port);
    const changed = nextChange();
    const code = await Promise.race([service.status.then(({ code }) => code), changed, stopped]);
    if (code === undefined) await stop(service);
    else if (!hasListened) return code;
    else await Promise.race([changed, stopped]);
    if (signal.aborted) return 0;
  }
}

/** Keeps every connection open for as long as this process lives. */
async function acceptAll(link: Deno.TcpListener, onConnection: () => void): Promise<void> {
  for await (const _ of link) onConnection();
}

function start(env: Record<string, string>, linkPort: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...FLAGS, "dev/service.ts", String(linkPort)],
    cwd: ROOT,
    env,
    stdin: "null",
    // Otherwise Ctrl-C would reach the service twice, and the second signal ends it at once.
    detached: true,
  }).spawn();
}

async function stop(service: Deno.ChildProcess): Promise<void> {
  try {
    service.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended just now.
  }
  await service.status;
}

/** Waits until a file of the service is written, created, renamed or removed. */
async function nextChange(): Promise<void> {
  for await (const { kind } of Deno.watchFs(WATCHED)) {
    if (kind !== "access") break;
  }
  await delay(SETTLE_MS);
}
