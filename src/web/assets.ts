import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Language } from "../feeds/feed.ts";
import { MODULES } from "./browser_modules.ts";
import theme from "./theme.css" with { type: "text" };
import embedStyles from "./embed.css" with { type: "text" };
import favicon from "./favicon.svg" with { type: "text" };
import { joinModules } from "./join_modules.ts";
import pageStyles from "./page.css" with { type: "text" };
import recordStyles from "./record.css" with { type: "text" };
import { PREVIEWS, type PreviewState, TOUCH_ICON_BASE64 } from "./pictures.ts";

/** A file that the page loads. */
export interface Asset {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

const HASH_LENGTH = 12;

const CSS = "text/css; charset=utf-8";
const JAVASCRIPT = "text/javascript; charset=utf-8";
const PNG = "image/png";
const SVG = "image/svg+xml";

const assets = new Map<string, Asset>();

/** The name of the page's icon. */
export const FAVICON = keep("favicon.svg", { body: favicon, contentType: SVG });

/** The name of the icon for home screens. */
export const TOUCH_ICON = keepPng("touch-icon.png", TOUCH_ICON_BASE64);

/** The name of the page's style sheet. */
export const PAGE_STYLES = keep("page.css", {
  body: strip(theme + pageStyles + recordStyles),
  contentType: CSS,
});

/** The name of the embedded answer's style sheet. */
export const EMBED_STYLES = keep("embed.css", {
  body: strip(theme + embedStyles),
  contentType: CSS,
});

/** The names of the page's scripts. */
export const PAGE_SCRIPTS: Readonly<Record<Language, string>> = {
  "en": keepScript("page.en.js"),
  "zh-CN": keepScript("page.zh-CN.js"),
};

/** The names of the embedded answer's scripts. */
export const EMBED_SCRIPTS: Readonly<Record<Language, string>> = {
  "en": keepScript("embed.en.js"),
  "zh-CN": keepScript("embed.zh-CN.js"),
};

const PREVIEW_NAMES = new Map(
  PREVIEWS.map(({ state, language, base64 }) => [
    `${state} ${language}`,
    keepPng(`preview-${state}.${language}.png`, base64),
  ]),
);

/** Returns the name of the preview picture of a state. */
export function previewOf(state: PreviewState, language: Language): string | undefined {
  return PREVIEW_NAMES.get(`${state} ${language}`);
}

/** Returns the asset of a name. Its content never changes, so it may be cached for ever. */
export function readAsset(name: string): Asset | undefined {
  return assets.get(name);
}

/** Keeps an asset under a name that has a hash of its content, and returns that name. */
function keep(name: string, asset: Asset): string {
  const hash = createHash("sha256").update(asset.body).digest("hex").slice(0, HASH_LENGTH);
  const hashed = name.replace(/\.(\w+)$/, `.${hash}.$1`);
  assets.set(hashed, asset);
  return hashed;
}

function keepScript(name: string): string {
  const body = joinModules(`./${name}`, MODULES);
  return keep(name, { body, contentType: JAVASCRIPT });
}

function keepPng(name: string, base64: string): string {
  return keep(name, { body: Uint8Array.from(Buffer.from(base64, "base64")), contentType: PNG });
}

/** Removes what only readers of a style sheet need. */
function strip(styles: string): string {
  return styles.replace(/\/\*.*?\*\//gs, "").replace(/\s*\n\s*/g, "\n");
}
