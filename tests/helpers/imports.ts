const ROOT = new URL("../../", import.meta.url);

/** Static and dynamic imports, of values and types, and what is exported from elsewhere. */
const IMPORT =
  /^((?:import|export)\s(?:[^"';]*?\sfrom\s)?)"([^"]+)"|\b(import\(\s*)"([^"]+)"|@(import\s[^"]*?\sfrom\s)"([^"]+)"/gm;

/** A dynamic import whose specifier is computed: no rule allows it, since it could be anything. */
const COMPUTED_IMPORT = /\bimport\(\s*[^\s"]/;

/** Where a computed import leads. */
export const UNKNOWN_TARGET = "a computed specifier";

/** What one statement imports, as it is written. */
export interface Specifier {
  readonly specifier: string;
  /** Whether only types are imported: nothing of that is left when the program runs. */
  readonly isType: boolean;
}

/** One import; `from` is a path from the project's root, and so is `to` where it is local. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether it names a file of the project, not a package. */
  readonly local: boolean;
  readonly isType: boolean;
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
  return findSpecifiers(text).map(({ specifier, isType }) => {
    const local = specifier.startsWith(".");
    const path = () => new URL(specifier, new URL(file, ROOT)).href.slice(ROOT.href.length);
    return { from: file, to: local ? path() : specifier, local, isType };
  });
}

/** Finds what a module imports; a computed import counts as {@linkcode UNKNOWN_TARGET}. */
export function findSpecifiers(text: string): Specifier[] {
  const literal = [...text.matchAll(IMPORT)].map((match) => {
    const [, before = "", specifier, dynamic, target, , documented] = match;
    if (dynamic !== undefined) return { specifier: target ?? "", isType: false };
    if (documented !== undefined) return { specifier: documented, isType: true };
    return { specifier: specifier ?? "", isType: importsOnlyTypes(before) };
  });
  const computed = { specifier: UNKNOWN_TARGET, isType: false };
  return COMPUTED_IMPORT.test(text) ? [...literal, computed] : literal;
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

/** Reads a file of the project. */
export function readProjectFile(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

function importsOnlyTypes(clause: string): boolean {
  if (/^(?:import|export)\s+type\s/.test(clause)) return true;
  const [, names] = /^(?:import|export)\s*\{([^}]*)\}\s*from\s$/.exec(clause) ?? [];
  return names !== undefined &&
    names.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type "));
}
