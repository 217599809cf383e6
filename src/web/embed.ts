import { assetPath } from "./assets.ts";
import { embeddedTitleOf, renderEmbeddedAnswer } from "./browser/answer.js";
import { html } from "./browser/html.js";
import {
  createHeaders,
  pathIn,
  renderBodyTag,
  renderFlame,
  renderScript,
  urlOf,
} from "./layout.ts";
import { createContext, type PageView } from "./view.ts";

/** Headers of the embedded answer: any site may show it in a frame, also one that requires COEP. */
export const EMBED_HEADERS = {
  ...createHeaders({ frameAncestors: "*" }),
  "cross-origin-embedder-policy": "require-corp",
} as const;

/** Renders the answer for a frame of any size from 200 × 80 pixels. */
export function renderEmbed(view: PageView): string {
  const context = createContext(view);
  const { assets, language, publicUrl } = view;
  return String(html`
    <!DOCTYPE html>
    <html lang="${language}">
    <head>
    <meta charset="utf-8">
    <title>${embeddedTitleOf(view, context)}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="description" content="${context.words.description}">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <link rel="icon" href="${assetPath(assets, "favicon.svg")}" type="image/svg+xml">
    <link rel="stylesheet" href="${assetPath(assets, "embed.css")}">
    ${renderScript(assets, `embed.${language}.js`)}
    </head>
    ${renderBodyTag(view)}
    <main>
    <div class="flame">${renderFlame()}</div>
    <div>
    <h1><a href="${urlOf(pathIn(language), publicUrl)}" target="_blank">${context.words
      .question}</a></h1>
    <div id="answer" aria-live="polite" aria-atomic="true">${renderEmbeddedAnswer(
      view,
      context,
    )}</div>
    </div>
    </main>
    </body>
    </html>
  `).trim();
}
