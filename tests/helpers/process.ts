import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);

const tasks: Readonly<Record<string, { command: string }>> = config.tasks;

/** A task of the project that runs as a process. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** The URL that it listens on, once it does. */
  readonly url: Promise<string>;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** Sends a signal, and returns the exit code when the process has ended. @default SIGTERM */
  stop(signal?: Deno.Signal): Promise<number>;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>;
}

/** How a task is run. */
export interface RunOptions {
  /** Arguments that follow the command of the task. */
  args?: readonly string[];
  /** The folder to run it in: a path from the project's root, or an absolute one. @default "./" */
  folder?: string;
  /** How many file descriptors it may have open. @default what this process may */
  maxDescriptors?: number;
}

/**
 * Runs the command of `deno task NAME` without the task runner, so that signals reach the process
 * itself, `SIGKILL` included. The service listens on a free loopback port.
 */
export function runTask(
  name: string,
  environment: Record<string, string> = {},
  { args = [], folder = "./", maxDescriptors }: RunOptions = {},
): Running {
  const command = [Deno.execPath(), ...commandOf(name), ...args];
  const limit = maxDescriptors === undefined ? "" : `ulimit -n ${maxDescriptors};`;
  const child = new Deno.Command("sh", {
    args: ["-c", `${limit} exec "$@"`, "sh", ...command],
    cwd: new URL(folder, ROOT),
    env: { HOST: "127.0.0.1", PORT: "0", NO_COLOR: "1", ...environment },
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let output = "";
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => {});
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      output += text;
      const [, url] = /"listening".*?"url":"([^"]+)"/.exec(output) ?? [];
      if (url !== undefined) listening.resolve(url);
    }
  }
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  const ended = child.status.then(async ({ code }) => {
    await reading;
    listening.reject(new Error(`deno task ${name} ended with ${code}: ${output}`));
    return code;
  });

  async function stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    return await ended;
  }
  return {
    pid: child.pid,
    url: listening.promise,
    output: () => output,
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** The last command of a task, the one that runs on; what it leaves to the task `serve` is looked up. */
function commandOf(name: string): string[] {
  const [deno, ...command] = tasks[name]?.command.split(" && ").at(-1)?.split(" ") ?? [];
  if (deno !== "deno") throw new Error(`The task ${name} must run deno, runs ${deno}`);
  const [, , task, ...args] = command;
  return command[0] === "task" && task !== undefined ? [...commandOf(task), ...args] : command;
}
