// A comment that code follows on its line stays.
const COMMENT_LINES = /^\s*(?:\/\/.*|\*.*|\/\*(?:(?!\*\/).)*(?:\*\/)?)\n/gm;
const INDENTATION = /^ +/gm;
const IMPORTS = /^import [^;]*? from "(\.\/[^"]+)";\n/gm;
const EXPORTS = /^export (?=async |class |const |function )/gm;
const DECLARATIONS = /^(?:export )?(?:async )?(?:class|const|function|let) (\w+)/gm;

/**
 * Joins a module and those it imports into one, so that the page loads one file.
 *
 * @param entry the path of the module that starts
 * @param sources all modules by their paths, such as `./page.js`, which are also how they are imported
 * @throws {Error} if an imported module is missing, or if two modules declare the same name
 */
export function joinModules(entry: string, sources: ReadonlyMap<string, string>): string {
  const joined = new Map<string, string>();
  const declared = new Set<string>();

  function add(path: string): void {
    if (joined.has(path)) return;
    const source = sources.get(path);
    if (source === undefined) throw new Error(`Cannot join ${entry}: ${path} is missing`);
    for (const [, name = ""] of source.matchAll(DECLARATIONS)) {
      if (declared.has(name)) throw new Error(`Cannot join ${entry}: ${path} repeats ${name}`);
      declared.add(name);
    }
    for (const [, imported = ""] of source.matchAll(IMPORTS)) add(imported);
    joined.set(path, strip(source));
  }
  add(entry);
  return [...joined.values()].join("");
}

/** Removes what only readers of the source and the module loader need. */
function strip(source: string): string {
  return source.replace(COMMENT_LINES, "").replace(IMPORTS, "").replace(EXPORTS, "")
    .replace(INDENTATION, "").replace(/\n{2,}/g, "\n");
}
