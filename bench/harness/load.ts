const CONNECTIONS = 32;
const AUTOCANNON = "npm:autocannon@8.0.0";

/** What is sent again and again. */
export interface LoadRequest {
  readonly url: string;
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a load found. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p99Ms: number;
}

/** Sends one request again and again for some seconds. */
export interface LoadGenerator {
  readonly name: string;
  /** Whether it is slower than what it loads: throughputs are then its own. */
  readonly isLimit: boolean;
  load(request: LoadRequest, seconds: number): Promise<LoadResult>;
}

/** Returns `wrk` if it is installed, else autocannon. */
export async function findLoadGenerator(): Promise<LoadGenerator> {
  try {
    const version = await run("wrk", ["-v"]);
    return { name: /wrk \S+/.exec(version)?.[0] ?? "wrk", isLimit: false, load: loadWithWrk };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return {
      name: `${AUTOCANNON} (wrk is not installed)`,
      isLimit: true,
      load: loadWithAutocannon,
    };
  }
}

async function loadWithWrk(
  { url, headers = {} }: LoadRequest,
  seconds: number,
): Promise<LoadResult> {
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency"];
  const text = await run("wrk", [...options, ...headerOptions(headers), url]);
  const failures = /Non-2xx.*|Socket errors.*/.exec(text)?.[0];
  if (failures !== undefined) throw new Error(`A load must have no failures: ${failures}`);
  const [, p99, unit = ""] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const factor = { us: 0.001, ms: 1, s: 1_000 }[unit] ?? NaN;
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    requests: Number(/(\d+) requests in/.exec(text)?.[1]),
    p99Ms: Number(p99) * factor,
  };
}

async function loadWithAutocannon(
  { url, headers = {} }: LoadRequest,
  seconds: number,
): Promise<LoadResult> {
  const flags = [
    "--no-config",
    "--allow-net=127.0.0.1",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
  ];
  const options = ["--json", "-c", String(CONNECTIONS), "-d", String(seconds)];
  const args = [...options, ...headerOptions(headers), url];
  const text = await run(Deno.execPath(), ["run", ...flags, AUTOCANNON, ...args]);
  const { requests, latency, errors, non2xx } = JSON.parse(text);
  if (errors + non2xx > 0) throw new Error(`A load must have no failures: ${errors + non2xx}`);
  return {
    requestsPerSecond: requests.average,
    requests: requests.total,
    p99Ms: latency.p99,
  };
}

function headerOptions(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}

async function run(command: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  const decoder = new TextDecoder();
  // wrk prints its version to stdout and its failures to stderr; its exit code says nothing.
  return decoder.decode(stdout) || decoder.decode(stderr);
}
