const ROOT = new URL("../../", import.meta.url);

/** Static and dynamic imports, of values and types, and what is exported from elsewhere. */
const IMPORT =
  /^(?:import|export|\}) (?:[^"\n]* )?from "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** A dynamic import whose specifier is computed: no rule allows it, since it could be anything. */
const COMPUTED_IMPORT = /\bimport\(\s*[^\s"]/;

/** Where a computed import leads. */
export const UNKNOWN_TARGET = "a computed specifier";

/** One import; `from` is a path from the project's root, and so is `to` where it is local. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether it names a file of the project, not a package. */
  readonly local: boolean;
}

/** All imports of the given files and of the files below the given folders. */
export async function importsBelow(...places: string[]): Promise<Import[]> {
  const files = await Promise.all(
    places.map((place) => place.endsWith(".ts") ? [place] : filesBelow(place)),
  );
  return (await Promise.all(files.flat().map(importsOf))).flat();
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  return findSpecifiers(text).map((specifier) => {
    const local = specifier.startsWith(".");
    const path = () => new URL(specifier, new URL(file, ROOT)).href.slice(ROOT.href.length);
    return { from: file, to: local ? path() : specifier, local };
  });
}

/** Finds what a module imports; a computed import counts as {@linkcode UNKNOWN_TARGET}. */
export function findSpecifiers(text: string): string[] {
  const literal = [...text.matchAll(IMPORT)].map(([, named, bare, dynamic]) =>
    named ?? bare ?? dynamic ?? ""
  );
  return COMPUTED_IMPORT.test(text) ? [...literal, UNKNOWN_TARGET] : literal;
}

/** Lists the scripts below a folder of the project, by path. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, ROOT)));
  const files = entries.map(({ name, isDirectory }) => {
    if (isDirectory) return filesBelow(`${folder}/${name}`);
    return /\.(ts|js)$/.test(name) ? [`${folder}/${name}`] : [];
  });
  return (await Promise.all(files)).flat();
}
