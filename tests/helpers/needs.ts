/** Chromium, for the tests of the page. */
export const CHROMIUM = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";

/** A day of the SentiCrypt feed as it was recorded, which is no part of the project. */
export const RECORDED_DAY = new URL(
  "../../../shared/data/senticrypt-v1-2021-07-07.json",
  import.meta.url,
);

/** Whether there is a Chromium. */
export const HAS_CHROMIUM: boolean = isFile(CHROMIUM);

/** Whether there is a Redis server and openssl: for TLS, ACL and Cluster, which need no time series. */
export const HAS_REDIS_SERVER: boolean = ["redis-server", "openssl"].every(isInstalled);

/** Whether there is the recorded day. */
export const HAS_RECORDED_DAY: boolean = isFile(RECORDED_DAY);

/** What this machine leaves out, and what would bring it in. */
export function describeLeftOut(): string[] {
  return [
    ...HAS_CHROMIUM ? [] : [`the page in a browser: install chromium, or set CHROMIUM_PATH`],
    ...HAS_REDIS_SERVER ? [] : ["TLS, ACL and Cluster: install redis-server and openssl"],
    ...HAS_RECORDED_DAY ? [] : [`the recorded day: it is not at ${RECORDED_DAY.pathname}`],
  ];
}

function isFile(path: string | URL): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function isInstalled(program: string): boolean {
  try {
    const command = new Deno.Command(program, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    });
    // openssl knows no such option, and says so with 1.
    return command.outputSync().code <= 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
