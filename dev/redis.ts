import { parseArgs } from "node:util";
import { type EmbeddedRedis, startEmbeddedRedis } from "./redis/mod.ts";

const DEFAULT_PORT = 6379;
const MAX_PORT = 65_535;
const USAGE = "usage: deno task redis [--port PORT] [--path FILE]";

try {
  const server = start(Deno.args);
  Deno.stdout.writeSync(line(`Embedded Redis listens on ${server.url}`));
  Deno.addSignalListener("SIGINT", () => stop(server));
  Deno.addSignalListener("SIGTERM", () => stop(server));
} catch (error) {
  Deno.stderr.writeSync(line(error instanceof Error ? error.message : String(error)));
  Deno.exit(1);
}

function start(args: string[]): EmbeddedRedis {
  const { port, path } = parseFlags(args);
  try {
    return startEmbeddedRedis({ port, path });
  } catch (error) {
    throw new Error(explain(error, port, path), { cause: error });
  }
}

function parseFlags(args: string[]): { port: number; path: string } {
  const { values } = readFlags(args);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > MAX_PORT) {
    throw new Error(
      `--port must be a whole number up to ${MAX_PORT}, not "${values.port}"\n${USAGE}`,
    );
  }
  return { port, path: values.path };
}

function readFlags(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string", default: String(DEFAULT_PORT) },
        path: { type: "string", default: ":memory:" },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`, {
      cause: error,
    });
  }
}

function explain(error: unknown, port: number, path: string): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `Port ${port} is in use: stop what listens there, or choose another with --port`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `Cannot serve ${path} on port ${port}: ${reason}`;
}

async function stop(server: EmbeddedRedis): Promise<void> {
  await server.close();
  Deno.exit(0);
}

function line(text: string): Uint8Array {
  return new TextEncoder().encode(text + "\n");
}
