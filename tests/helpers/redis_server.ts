import { Redis } from "ioredis";
import { eventually } from "./eventually.ts";
import { freePort } from "../../dev/free_port.ts";

/** A real server on a free loopback port, without time series, for as long as its test runs. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on its port, with nothing in it. */
  start(): Promise<void>;
}

/** Starts redis-server with further options; `--tls-port` takes the place of the plain port. */
export async function startRedisServer(
  options: readonly string[] = [],
  { tls = false } = {},
): Promise<RedisServer> {
  const directory = await Deno.makeTempDir();
  const port = freePort();
  const ports = tls ? ["--port", "0", "--tls-port", `${port}`] : ["--port", `${port}`];
  const fixed = ["--bind", "127.0.0.1", "--save", "", "--dir", directory];
  let child: Deno.ChildProcess | undefined;

  async function start(): Promise<void> {
    const args = [...ports, ...fixed, ...options];
    child = new Deno.Command("redis-server", { args, stdout: "null", stderr: "null" }).spawn();
    await eventually(() => connects(port));
  }
  async function kill(): Promise<void> {
    try {
      child?.kill("SIGKILL");
    } catch (error) {
      // One that could not start has ended; what the test says of it must not be hidden.
      if (!(error instanceof TypeError)) throw error;
    }
    await child?.status;
    child = undefined;
  }
  await start();
  return {
    port,
    start,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** Sends one command to a server on loopback. */
export async function tell(port: number, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(port, "127.0.0.1", { protocol: 2, disableClientInfo: true });
  try {
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

async function connects(port: number): Promise<boolean> {
  (await Deno.connect({ hostname: "127.0.0.1", port })).close();
  return true;
}
