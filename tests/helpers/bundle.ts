import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);

/** The bundle of the service in a temporary folder. */
export interface Bundle extends AsyncDisposable {
  readonly directory: string;
}

/** Bundles the service with the commands of `deno task build`, into another folder. */
export async function buildBundle(): Promise<Bundle> {
  const directory = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-bundle-" });
  for (const command of config.tasks.build.command.split(" && ")) {
    await runDeno(command.replaceAll(/\bdist\b/g, directory));
  }
  return {
    directory,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

async function runDeno(command: string): Promise<void> {
  const [, ...args] = command.split(" ");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
