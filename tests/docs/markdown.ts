const ROOT = new URL("../../", import.meta.url);

const OTHER_FOLDERS: ReadonlySet<string> = new Set(["coverage", "dist", "node_modules"]);

/** A fenced block of code; `info` is what follows the opening fence, such as `ts main.ts`. */
export interface CodeBlock {
  readonly info: string;
  readonly lines: readonly string[];
}

/** A heading of level 2 and the text up to the next one. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** Reads a file of the project. */
export function readText(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** Whether the project has a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, ROOT));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The paths of all Markdown files of the project. */
export async function listMarkdownFiles(folder = ""): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(`./${folder}`, ROOT))) {
    const isOther = name.startsWith(".") || OTHER_FOLDERS.has(name);
    if (isDirectory && !isOther) files.push(...await listMarkdownFiles(`${folder}${name}/`));
    if (name.endsWith(".md")) files.push(folder + name);
  }
  return files.sort();
}

/** The paths of the folders in a folder of the project. */
export async function listFolders(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`${folder}/`, ROOT)));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => `${folder}/${name}`)
    .sort();
}

/** The fenced blocks of code in a text. */
export function findCodeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^( *)```(.*)\n([^]*?)\n\1```$/gm)]
    .map(([, , info = "", code = ""]) => ({ info, lines: code.split("\n") }));
}

/** The sections of a text. */
export function findSections(markdown: string): Section[] {
  return markdown.split(/^## /m).slice(1).map((section) => {
    const [title = "", ...lines] = section.split("\n");
    return { title, text: lines.join("\n") };
  });
}

/** The cells of all rows of all tables in a text, the headers left out. */
export function findTableRows(markdown: string): string[][] {
  const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
  return rows
    .filter((row, i) => !isRule(row) && !isRule(rows[i + 1] ?? ""))
    .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** The texts in backticks. */
export function findCode(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The targets of all links and pictures, those in code left out. */
export function findLinks(markdown: string): string[] {
  const links = withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"/g);
  return [...links].map(([, link, attribute]) => link ?? attribute ?? "");
}

/** The anchors that GitHub creates for the headings of a text. */
export function findAnchors(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutBlocks(markdown).matchAll(/^#{1,6} +(.+)$/gm)) {
    const anchor = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Removes the indentation that all lines share. */
export function dedent(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line !== "").map((line) => line.search(/\S|$/));
  const shared = Math.min(...indents);
  return lines.map((line) => line.slice(shared));
}

function isRule(row: string): boolean {
  return /^\|[\s|:-]+\|$/.test(row);
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(/^( *)```[^]*?\n\1```$/gm, "");
}

function withoutCode(markdown: string): string {
  return withoutBlocks(markdown).replace(/`[^`]*`/g, "");
}
