import { Buffer } from "node:buffer";
import { type Assets, createAssets, type File } from "../http/assets.ts";
import { THEME_COLORS } from "./browser/answer.js";
import { staticWords, words } from "./browser/words.en.js";
import embedStyles from "./embed.css" with { type: "text" };
import favicon from "./favicon.svg" with { type: "text" };
import pageStyles from "./page.css" with { type: "text" };
// Pictures are kept as Base64 text, because Deno and its bundler import binary files only with a
// flag. `deno task screenshot` takes new ones.
import faviconIco from "./pictures/favicon.ico.base64" with { type: "text" };
import previewEn from "./pictures/preview.en.png.base64" with { type: "text" };
import previewZhCn from "./pictures/preview.zh-CN.png.base64" with { type: "text" };
import touchIcon from "./pictures/touch-icon.png.base64" with { type: "text" };
import recordStyles from "./record.css" with { type: "text" };
import theme from "./theme.css" with { type: "text" };

const CSS = "text/css; charset=utf-8";
const JAVASCRIPT = "text/javascript; charset=utf-8";
const PNG = "image/png";

/** The modules beside this one; beside the bundle, one script per page. */
const SCRIPTS = new URL("./browser/", import.meta.url);

const IMPORTS = /^import [^;]*? from "\.\/([^"]+)";$/gm;

const FILES: readonly (readonly [name: string, File])[] = [
  ["favicon.svg", { body: favicon, contentType: "image/svg+xml" }],
  ["page.css", { body: strip(theme + pageStyles + recordStyles), contentType: CSS }],
  ["embed.css", { body: strip(theme + embedStyles), contentType: CSS }],
  ["preview.en.png", { body: decode(previewEn), contentType: PNG }],
  ["preview.zh-CN.png", { body: decode(previewZhCn), contentType: PNG }],
  ["touch-icon.png", { body: decode(touchIcon), contentType: PNG }],
];

/** The side of the icon for home screens, in pixels. */
export const TOUCH_ICON_SIZE = 180;

// A crawler would keep the event stream open.
const ROBOTS = "User-agent: *\nDisallow: /events\n";

/** Loads the files of this version. */
export async function loadAssets(): Promise<Assets> {
  return createAssets([...FILES, ...await readScripts()]);
}

async function readScripts(): Promise<(readonly [name: string, File])[]> {
  const entries = await Array.fromAsync(Deno.readDir(SCRIPTS));
  const names = entries.map(({ name }) => name).sort();
  return await Promise.all(names.map(async (name) => {
    const body = await Deno.readTextFile(new URL(name, SCRIPTS));
    return [name, { body, contentType: JAVASCRIPT }] as const;
  }));
}

/** Returns the path of an asset of this version, relative to the pages. */
export function assetPath({ hash }: Pick<Assets, "hash">, name: string): string {
  return `assets/${hash}/${name}`;
}

/**
 * Finds the modules that a script needs, so that the browser can ask for all of them at once. A bundled
 * script needs none.
 */
export function findModules({ files }: Pick<Assets, "files">, script: string): Set<string> {
  const found = new Set([script]);
  for (const name of found) {
    for (const [, module = ""] of String(files.get(name)?.body).matchAll(IMPORTS)) {
      found.add(module);
    }
  }
  found.delete(script);
  return found;
}

/** Creates the files that clients look for outside `/assets/`, by their paths. */
export function createSiteFiles(assets: Assets): ReadonlyMap<string, File> {
  const manifest = JSON.stringify(createManifest(assets));
  return new Map([
    ["/favicon.ico", { body: decode(faviconIco), contentType: "image/x-icon" }],
    ["/manifest.webmanifest", { body: manifest, contentType: "application/manifest+json" }],
    ["/robots.txt", { body: ROBOTS, contentType: "text/plain; charset=utf-8" }],
  ]);
}

function createManifest(assets: Assets) {
  return {
    name: words.question,
    short_name: words.question,
    description: staticWords.description,
    start_url: "./",
    display: "minimal-ui",
    theme_color: THEME_COLORS.unlit.dark,
    background_color: THEME_COLORS.unlit.dark,
    icons: [
      { src: assetPath(assets, "favicon.svg"), sizes: "any", type: "image/svg+xml" },
      {
        src: assetPath(assets, "touch-icon.png"),
        sizes: `${TOUCH_ICON_SIZE}x${TOUCH_ICON_SIZE}`,
        type: "image/png",
      },
    ],
  };
}

/** Decodes a picture. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** Removes what only readers of a style sheet need. */
function strip(styles: string): string {
  return styles.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ").replace(
    /([{}:;,]) | (?=[{}])/g,
    "$1",
  );
}
