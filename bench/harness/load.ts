const CONNECTIONS = 32;
const AUTOCANNON = "npm:autocannon@8.0.0";

/** What a load found. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p99Ms: number;
}

/** Loads one URL for some seconds. */
export interface LoadGenerator {
  readonly name: string;
  /** Whether it is slower than what it loads: then throughputs are its own. */
  readonly isLimit: boolean;
  load(url: string, seconds: number): Promise<LoadResult>;
}

/** `wrk` where it is installed, else autocannon. */
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

async function loadWithWrk(url: string, seconds: number): Promise<LoadResult> {
  const text = await run("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", url]);
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

async function loadWithAutocannon(url: string, seconds: number): Promise<LoadResult> {
  const flags = [
    "--no-config",
    "--allow-net=127.0.0.1",
    "--allow-env",
    "--allow-sys",
    "--allow-read",
  ];
  const options = ["--json", "-c", String(CONNECTIONS), "-d", String(seconds)];
  const text = await run(Deno.execPath(), ["run", ...flags, AUTOCANNON, ...options, url]);
  const { requests, latency, errors, non2xx } = JSON.parse(text);
  if (errors + non2xx > 0) throw new Error(`A load must have no failures: ${errors + non2xx}`);
  return {
    requestsPerSecond: requests.average,
    requests: requests.total,
    p99Ms: latency.p99,
  };
}

async function run(command: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  const decoder = new TextDecoder();
  // wrk tells its version on the one and its failures on the other, with a code that means nothing.
  return decoder.decode(stdout) || decoder.decode(stderr);
}
