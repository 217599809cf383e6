/**
 * Completes a bundle in the folder of the first argument: shortens the paths of the machine that built it,
 * adds the licences of the packages inside, and a deno.json with the tasks of production but no dependencies,
 * which Deno would fetch again.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** A module of a package, as the bundler names it: in a comment, or as the key of a CommonJS module. */
const PACKAGED =
  /(?<=^\s*\/\/ |")([^"\n]*\/npm\/[^/"\n]+\/((?:@[^/"\n]+\/)?[^/"\n]+)\/(\d[^/"\n]*)\/)([^"\n]+)/gm;

const LICENCE = /^(licen[cs]e|notice|copying)/i;

/** A package in the bundle. */
interface Package {
  readonly folder: string;
  readonly modules: Set<string>;
}

const [dist = "dist"] = Deno.args;
const packages = new Map<string, Package>();
for await (const { name } of Deno.readDir(dist)) {
  if (!name.endsWith(".js")) continue;
  const path = `${dist}/${name}`;
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replaceAll(PACKAGED, shorten));
}
const notices = await Promise.all(
  [...packages].sort(([a], [b]) => a < b ? -1 : 1).map(([name, one]) => describe(name, one)),
);
await Deno.writeTextFile(
  `${dist}/THIRD_PARTY_NOTICES.txt`,
  notices.join(`\n${"-".repeat(80)}\n\n`),
);
const { tasks: { serve, "webhook-test": tryWebhooks }, unstable } = config;
const command = tryWebhooks.command.replace("dev/try_webhooks.ts", "try_webhooks.js");
const tasks = { serve, "webhook-test": { ...tryWebhooks, command } };
const text = JSON.stringify({ tasks, unstable }, undefined, 2);
await Deno.writeTextFile(`${dist}/deno.json`, `${text}\n`);

/** Returns the name of a module without its path, and remembers its package. */
function shorten(_: string, folder: string, name: string, version: string, module: string): string {
  const id = `${name}@${version}`;
  const known = packages.get(id) ?? { folder, modules: new Set() };
  packages.set(id, known);
  known.modules.add(module);
  return `npm:${id}/${module}`;
}

/** The texts that a package asks to pass on, those for what its own modules bundle included. */
async function describe(id: string, { folder, modules }: Package): Promise<string> {
  const { license, author } = JSON.parse(await Deno.readTextFile(`${folder}package.json`));
  const texts: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    const isBundled = modules.has(name.replace(/\.LICENSE\.txt$/, ""));
    if (isFile && (LICENCE.test(name) || (name.endsWith(".LICENSE.txt") && isBundled))) {
      texts.push(`${name}:\n\n${(await Deno.readTextFile(folder + name)).trim()}\n`);
    }
  }
  const by = typeof author === "string" ? author : author?.name;
  return [`${id}\nLicence: ${license}${by ? `\nAuthor: ${by}` : ""}\n`, ...texts.sort()].join("\n");
}
