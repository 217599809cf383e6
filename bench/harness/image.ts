import config from "../../deno.json" with { type: "json" };
import { type Server, startServer } from "./server.ts";

const IMAGE = { folder: "dist/", entry: "main.js" };

/** Bundles the service, as the image does. */
export async function buildImage(): Promise<void> {
  await run(["task", "--quiet", "build"], {});
}

/** Runs the bundle once with `--warm`, which fills V8's code cache in `DENO_DIR`. */
export async function warmImage(environment: Record<string, string>): Promise<void> {
  const [, ...flags] = config.tasks.serve.command.split(" ");
  const env = { HOST: "127.0.0.1", PORT: "0", ...environment };
  await run([...flags, IMAGE.entry, "--warm"], { cwd: IMAGE.folder, env });
}

/** Starts the service from the image's files. */
export function startImage(environment: Record<string, string>): Promise<Server> {
  return startServer({ ...IMAGE, environment });
}

async function run(args: string[], options: Deno.CommandOptions): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, ...options })
    .output();
  if (!success) throw new Error(`deno ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
