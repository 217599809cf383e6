import { html } from "./browser/html.js";
import { urlOf } from "./layout.ts";
import type { PageContext, PageView } from "./view.ts";

/** Renders the ways to use the answer elsewhere, with code to copy. */
export function renderUse(
  { language, publicUrl }: PageView,
  { words: { use, ways, question } }: PageContext,
) {
  const [embed, badge] = [`embed?lang=${language}`, "badge.svg"];
  const [embedUrl, badgeUrl] = [urlOf(embed, publicUrl), urlOf(badge, publicUrl)];
  const frame = `<iframe src="${embedUrl}" title="${question}" width="300" height="120"></iframe>`;
  return html`
    <section class="inner" aria-labelledby="use-title">
      <h2 id="use-title">${ways.title}</h2>
      <div class="ways">
        <div>
          <h3>${ways.embed}</h3>
          <p>${ways.embedHow} <a href="${embed}">${ways.embedLink}</a></p>
          <div id="embed" class="scripted" data-src="${embed}" data-title="${question}"></div>
          ${renderSnippet("snippet", frame, use.copy)}
        </div>
        <div>
          <h3>${ways.badge}</h3>
          <a href="${badge}"><img src="${badge}" alt="${question}" height="20" loading="lazy"></a>
          ${renderSnippet("badge-snippet", `<img src="${badgeUrl}" alt="${question}">`, use.copy)}
        </div>
        <div>
          <h3>${ways.read}</h3>
          <ul>
            <li><a href="is-bitcoin-lit">${ways.json}</a></li>
            <li><a href="history.csv?hours=24&amp;bucket=1h">${ways.csv}</a></li>
            <li><a href="lit.txt">${ways.text}</a></li>
            <li><a href="docs">${ways.docs}</a></li>
          </ul>
          <p>${ways.readHow}</p>
        </div>
        <div>
          <h3>${ways.follow}</h3>
          <ul>
            <li><a href="feed.atom">${ways.atom}</a></li>
          </ul>
          <p>${ways.followHow}</p>
        </div>
      </div>
      <p id="copied" class="hidden" role="status"></p>
    </section>
  `;
}

function renderSnippet(id: string, code: string, copy: string) {
  return html`
    <div class="snippet">
      <code id="${id}">${code}</code>
      <button type="button" class="scripted" data-copy="${id}" aria-describedby="${id}">
        ${copy}</button>
    </div>
  `;
}
