import type { PageView } from "./view.ts";
import { EMBED_SCRIPTS, EMBED_STYLES, FAVICON } from "./assets.ts";
import { renderBodyTag } from "./layout.ts";
import { renderEmbeddedAnswer } from "./browser/embedded_answer.js";
import { html } from "./browser/html.js";
import { titleOf } from "./browser/state.js";
import { createContext } from "./view.ts";
import { renderFlame } from "./layout.ts";
import { createHeaders } from "./layout.ts";
import { pathIn, urlOf } from "./layout.ts";

/** Headers of the embedded answer: any site may show it in a frame. */
export const EMBED_HEADERS = createHeaders({ frameAncestors: "*" });

/** Renders the answer for a frame of any size from 200 × 80 pixels. */
export function renderEmbed(view: PageView): string {
  const context = createContext(view);
  const { language, publicUrl } = view;
  return String(html`
    <!DOCTYPE html>
    <html lang="${language}">
    <head>
    <meta charset="utf-8">
    <title>${titleOf(view, context)}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <link rel="icon" href="/assets/${FAVICON}" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/${EMBED_STYLES}">
    <script type="module" src="/assets/${EMBED_SCRIPTS[language]}"></script>
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
