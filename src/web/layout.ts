import type { Language } from "../feeds/feed.ts";
import { PAGE_HEADERS } from "../http/reply.ts";
import type { Assets } from "../http/assets.ts";
import { assetPath, findModules } from "./assets.ts";
import { stateOf } from "./browser/answer.js";
import { Html, html } from "./browser/html.js";
import flame from "./favicon.svg" with { type: "text" };
import { DEFAULT_LANGUAGE } from "./language.ts";
import type { PageView } from "./view.ts";

/** Creates the headers of a page that only the given sources may embed in a frame. */
export function createHeaders({ frameAncestors }: { frameAncestors: string }) {
  return {
    "cache-control": "no-cache",
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "manifest-src 'self'",
      "connect-src 'self'",
      "frame-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frameAncestors}`,
    ].join("; "),
    ...PAGE_HEADERS,
  } as const;
}

/** Returns the path of the page in a language, relative to the pages. */
export function pathIn(language: Language): string {
  return `./?lang=${language}`;
}

/** Returns the path that names the page in a language for search engines and previews. */
export function canonicalPathIn(language: Language): string {
  return language === DEFAULT_LANGUAGE ? "./" : pathIn(language);
}

/** Returns the URL of a relative path: absolute if the service knows its public URL. */
export function urlOf(path: string, publicUrl: string | undefined): string {
  return publicUrl === undefined ? path : new URL(path, publicUrl.replace(/\/?$/, "/")).href;
}

/** Renders the elements that load the script of a page, and all its modules at once. */
export function renderScript(assets: Assets, script: string): Html {
  return html`
    <script type="module" src="${assetPath(assets, script)}"></script>
    ${[...findModules(assets, script)].map((module) =>
      html`
        <link rel="modulepreload" href="${assetPath(assets, module)}">
      `
    )}
  `;
}

/** Renders the tag of the body with what the script needs to know. */
export function renderBodyTag(view: PageView): Html {
  const revision = "answer" in view ? view.revision : undefined;
  return html`
    <body data-state="${stateOf(view)}" data-revision="${revision ?? ""}"
      data-frozen="${String(view.frozenFeed === true)}">
  `;
}

/** Renders the flame, which is the page's icon too; the style sheet colours it. */
export function renderFlame(): Html {
  return new Html(flame);
}
