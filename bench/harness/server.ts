import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 6_000;

const children = new Set<Deno.ChildProcess>();

/** A server in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** How a server is started. */
export interface ServerOptions {
  /** The module to run, as a path below the folder. */
  entry: string;
  /** A path below the project's root. @default "./" */
  folder?: string;
  /** @default [] */
  args?: readonly string[];
  /** @default {} */
  environment?: Readonly<Record<string, string>>;
}

/** Runs a server on a free loopback port with the flags of `deno task serve`: peers get no others. */
export function startServer(
  { entry, folder = "./", args = [], environment = {} }: ServerOptions,
): Promise<Server> {
  const flags = config.tasks.serve.command.split(" ").slice(1);
  const env = { HOST: "127.0.0.1", PORT: "0", ...environment };
  return spawn([...flags, entry, ...args], env, folder);
}

/** Runs the embedded Redis, alone in its process, with the flags of `deno task redis`. */
export function startEmbeddedRedis(): Promise<Server> {
  return spawn([...config.tasks.redis.command.split(" ").slice(1), "--port", "0"], {});
}

/**
 * The resident memory of a server's process, in MB.
 *
 * @throws {Error} when `ps` does not know it
 */
export async function residentMegabytes({ pid }: Pick<Server, "pid">): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] })
    .output();
  const kilobytes = Number.parseInt(new TextDecoder().decode(stdout));
  if (Number.isNaN(kilobytes)) throw new Error(`ps must know the memory of process ${pid}`);
  return kilobytes / 1_024;
}

/** Kills all servers: for when the bench itself is stopped. */
export function killServers(): void {
  for (const child of children) kill(child, "SIGKILL");
}

async function spawn(
  args: string[],
  env: Record<string, string>,
  folder = "./",
): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { ...env, NO_COLOR: "1" },
    cwd: new URL(folder, ROOT),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  children.add(child);
  const output = readOutput(child);
  const server = { pid: child.pid, [Symbol.asyncDispose]: () => stop(child, output.done) };
  const timeout = setTimeout(() => output.fail("has not listened in time"), START_TIMEOUT_MS);
  try {
    return { ...server, url: await output.url };
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}

/** Reads everything that a process prints, and finds in it the URL at which it listens. */
function readOutput(child: Deno.ChildProcess) {
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  function fail(how: string): void {
    reject(new Error(`A server ${how}, it said: ${text}`));
  }
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      // Later lines are not needed, and there may be many.
      if (text.length < 10_000) text += chunk;
      const [found] = /\b(http|redis):\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    }
  }
  const done = Promise.all([read(child.stdout), read(child.stderr)]).then(() => fail("has ended"));
  return { url, fail, done };
}

async function stop(child: Deno.ChildProcess, done: Promise<void>): Promise<void> {
  const timeout = setTimeout(() => kill(child, "SIGKILL"), STOP_TIMEOUT_MS);
  kill(child, "SIGTERM");
  await child.status;
  await done;
  children.delete(child);
  clearTimeout(timeout);
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended already.
  }
}
