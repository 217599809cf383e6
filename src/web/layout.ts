import type { Language } from "../feeds/feed.ts";
import { Html, html } from "./browser/html.js";
import { stateOf } from "./browser/state.js";
import flame from "./favicon.svg" with { type: "text" };
import type { PageView } from "./view.ts";

/** Renders the tag of the body with what the script needs to know. */
export function renderBodyTag(view: PageView) {
  const revision = "answer" in view ? view.revision : undefined;
  return html`
    <body data-state="${stateOf(view)}" data-now="${view.now}"
      data-revision="${revision ?? ""}" data-frozen="${String(view.frozenFeed === true)}">
  `;
}
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
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frameAncestors}`,
    ].join("; "),
    "content-type": "text/html; charset=utf-8",
    "vary": "Accept-Language",
  } as const;
}

/** Returns the URL of a path: absolute if the service knows its public URL. */
export function urlOf(path: string, publicUrl: string | undefined): string {
  return publicUrl === undefined ? path : publicUrl.replace(/\/$/, "") + path;
}

/** Returns the path of the page in a language. */
export function pathIn(language: Language): string {
  return `/?lang=${language}`;
}

/** Renders the flame, which is the page's icon too; the style sheet colours it. */
export function renderFlame(): Html {
  return new Html(flame);
}
