/** Chromium, for the tests of the page. */
export const CHROMIUM = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";

/**
 * A recorded answer of SentiCrypt, 2021-07-07. It is not part of the project; by default it is
 * read from a folder beside the clone.
 */
export const RECORDED_DAY: string | URL = Deno.env.get("RECORDED_DAY_PATH") ??
  new URL("../../../shared/data/senticrypt-v1-2021-07-07.json", import.meta.url);

/** Whether there is a Chromium. */
export const HAS_CHROMIUM: boolean = isFile(CHROMIUM);

/** Whether there is a Redis server and openssl: for TLS, ACL and Cluster, which need no time series. */
export const HAS_REDIS_SERVER: boolean = ["redis-server", "openssl"].every(isInstalled);

/** Whether there is nginx, and openssl for its certificate. */
export const HAS_NGINX: boolean = ["nginx", "openssl"].every(isInstalled);

/** Whether there is Prometheus with its promtool. */
export const HAS_PROMTOOL: boolean = ["promtool", "prometheus"].every(isInstalled);

/** Whether there is the tool that checks units of systemd, which need not run for that. */
export const HAS_SYSTEMD: boolean = isInstalled("systemd-analyze");

/** The path of the Deno that Deno Deploy runs. */
export const DEPLOY_DENO: string | undefined = Deno.env.get("DEPLOY_DENO_PATH");

/** Whether there is the recorded day. */
export const HAS_RECORDED_DAY: boolean = isFile(RECORDED_DAY);

/** What this machine leaves out, and what would bring it in: nothing does for the recorded day. */
export function describeLeftOut(): string[] {
  return [
    ...HAS_CHROMIUM ? [] : [`the page in a browser: install chromium, or set CHROMIUM_PATH`],
    ...HAS_REDIS_SERVER ? [] : ["TLS, ACL and Cluster: install redis-server and openssl"],
    ...HAS_NGINX ? [] : ["ops/nginx.conf: install nginx and openssl"],
    ...HAS_PROMTOOL ? [] : ["alerts and dashboard: install prometheus"],
    ...HAS_SYSTEMD ? [] : ["ops/is-bitcoin-lit.service: install systemd"],
    ...DEPLOY_DENO
      ? []
      : ["the bundle on Deno Deploy: set DEPLOY_DENO_PATH to the program of Deno 2.5"],
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
    // openssl and nginx do not know this option and exit with 1.
    return command.outputSync().code <= 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
