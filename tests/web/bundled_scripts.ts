import type { Assets } from "../../src/http/assets.ts";
import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);

/** Puts the bundled scripts in the place of the modules. */
export function withScripts(assets: Assets, scripts: ReadonlyMap<string, string>): Assets {
  const modules = [...assets.files].filter(([name]) => !name.endsWith(".js"));
  const files = [...scripts].map(([name, body]) => {
    return [name, { body, contentType: "text/javascript" }] as const;
  });
  return { ...assets, files: new Map([...modules, ...files]) };
}

/** Bundles the scripts of the pages as `deno task build` does; returns them by their names. */
export async function bundleScripts(): Promise<Map<string, string>> {
  const directory = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-scripts-" });
  try {
    const [command = ""] = config.tasks.build.command.split(" && ");
    const [, ...args] = command.replace("dist/browser", directory).split(" ");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const scripts = new Map<string, string>();
    for await (const { name } of Deno.readDir(directory)) {
      scripts.set(name, await Deno.readTextFile(`${directory}/${name}`));
    }
    return scripts;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
