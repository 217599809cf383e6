import { createHash } from "node:crypto";
import uplotStyles from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplotScript from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import chart from "./browser/chart.js" with { type: "text" };
import format from "./browser/format.js" with { type: "text" };
import history from "./browser/history.js" with { type: "text" };
import html from "./browser/html.js" with { type: "text" };
import live from "./browser/live.js" with { type: "text" };
import page from "./browser/page.js" with { type: "text" };
import scale from "./browser/scale.js" with { type: "text" };
import view from "./browser/view.js" with { type: "text" };
import favicon from "./favicon.svg" with { type: "text" };
import pageStyles from "./page.css" with { type: "text" };

/** A file that the page loads. */
export interface Asset {
  readonly body: string;
  readonly contentType: string;
}

const HASH_LENGTH = 12;

const COMMENT_LINES = /^\s*(?:\/\/|\/?\*).*\n/gm;

const CONTENT_TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

const assets = new Map<string, Asset>();

/** The name of the page's icon. */
export const FAVICON = keep("favicon.svg", favicon);

/** The name of the page's style sheet. */
export const STYLES = keep("page.css", uplotStyles + pageStyles);

/** The name of the chart library's script, which sets the global `uPlot`. */
export const UPLOT = keep("uplot.js", uplotScript);

/** The names of the modules that the page's script imports. */
export const MODULES: readonly string[] = keepModules({
  "html.js": html,
  "format.js": format,
  "view.js": view,
  "history.js": history,
  "scale.js": scale,
  "chart.js": chart,
  "live.js": live,
});

/** The name of the page's script. */
export const PAGE_SCRIPT = keep("page.js", linkModules(page, MODULES));

/** Gives what the page loads under a name; its content never changes, so it may be kept for ever. */
export function readAsset(name: string): Asset | undefined {
  return assets.get(name);
}

/** Keeps an asset and gives its name, which holds a hash of its content. */
function keep(name: string, body: string): string {
  const [stem, extension = ""] = name.split(".");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, HASH_LENGTH);
  const hashed = `${stem}.${hash}.${extension}`;
  assets.set(hashed, { body, contentType: CONTENT_TYPES[extension] ?? "text/plain" });
  return hashed;
}

/** Keeps modules, each listed after those it imports. */
function keepModules(sources: Record<string, string>): string[] {
  const names: string[] = [];
  for (const [name, body] of Object.entries(sources)) {
    names.push(keep(name, linkModules(body, names)));
  }
  return names;
}

/** Makes imports name the modules as they are served; comments are for those who read the source. */
function linkModules(body: string, names: readonly string[]): string {
  return body.replace(COMMENT_LINES, "").replace(/"\.\/(\w+)\.js"/g, (_, stem) => {
    const name = names.find((name) => name.startsWith(`${stem}.`));
    if (name === undefined) throw new Error(`List ${stem}.js before the module that imports it`);
    return `"./${name}"`;
  });
}
