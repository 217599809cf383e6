import config from "../deno.json" with { type: "json" };

const ROOT = new URL("../", import.meta.url);

const [, , ...FLAGS] = config.tasks.serve.command.split(" ");

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs the service with the permissions of `deno task start`, and again after each change to its files, until a signal
 * asks this process to stop.
 *
 * @returns the code to exit with
 */
export async function superviseService(env: Record<string, string>): Promise<number> {
  const service = new Deno.Command(Deno.execPath(), {
    args: ["run", "--watch", "--no-clear-screen", ...FLAGS, "main.ts"],
    cwd: ROOT,
    env,
    stdin: "null",
    // Otherwise Ctrl-C would reach the service twice, and the second signal ends it at once.
    detached: true,
  }).spawn();

  let isStopping = false;
  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    // After any other signal, the watcher would wait for a change when the service has ended.
    service.kill("SIGINT");
  }
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, stop);
  const { code } = await service.status;
  return isStopping ? 0 : code;
}
