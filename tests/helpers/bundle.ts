const ROOT = new URL("../../", import.meta.url);

/** The bundle of the service in a temporary folder. */
export interface Bundle extends AsyncDisposable {
  readonly directory: string;
}

/** Bundles the service as `deno task build` does, apart from the folder. */
export async function buildBundle(): Promise<Bundle> {
  const directory = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-bundle-" });
  const args = ["bundle", "--quiet", "--code-splitting", "--outdir", directory, "main.ts"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return {
    directory,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}
