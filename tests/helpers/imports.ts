const ROOT = new URL("../../", import.meta.url);

/** Static and dynamic imports, and what is exported from elsewhere. */
const IMPORT = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;

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
  return [...text.matchAll(IMPORT)].map(([, specifier = ""]) => {
    const local = specifier.startsWith(".");
    const path = () => new URL(specifier, new URL(file, ROOT)).href.slice(ROOT.href.length);
    return { from: file, to: local ? path() : specifier, local };
  });
}

/** The paths of all scripts below a folder of the project. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(folder, ROOT)));
  const files = entries.map(({ name, isDirectory }) => {
    if (isDirectory) return filesBelow(`${folder}/${name}`);
    return /\.(ts|js)$/.test(name) ? [`${folder}/${name}`] : [];
  });
  return (await Promise.all(files)).flat();
}
