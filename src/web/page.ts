import { html } from "./browser/html.js";
import { renderAge, renderAnswer, renderHours, renderTitle, stateOf } from "./browser/view.js";
import { FAVICON, MODULES, PAGE_SCRIPT, STYLES, UPLOT } from "./assets.ts";
import type { PageView } from "./page_view.ts";

/** Headers of the page: it may use what this origin serves, nothing else, and nothing inline. */
export const PAGE_HEADERS = {
  "cache-control": "no-cache",
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "content-type": "text/html; charset=utf-8",
} as const;

/** The server does not know where a reader is; the browser puts in the reader's own. */
const TIME_ZONE = "UTC";

const FEEDS: Record<string, { name: string; about: string }> = {
  senticrypt: {
    name: "SentiCrypt",
    about: "Sentiment is how people write about Bitcoin, from −1 (gloomy) to 1 (glad).",
  },
  live: {
    name: "Live markets",
    about: "Price from Kraken. Sentiment is how OKX accounts are positioned, from −1 (all short) " +
      "to 1 (all long): it measures positions, not words.",
  },
};

/** Renders the whole page; the browser keeps it up to date from there. */
export function renderPage(view: PageView): string {
  return String(html`
    <!DOCTYPE html>
    <html lang="en">
    ${renderHead(view)}
    <body data-state="${stateOf(view)}" data-now="${view.now}">
    <main>
    ${renderStage(view)}
    <div class="inner columns">
    <section aria-labelledby="hours-title">
    <h2 id="hours-title">Hour by hour</h2>
    <div id="hours">${renderHours(view, view.now, TIME_ZONE)}</div>
    </section>
    ${renderChartPlace()}
    </div>
    ${renderAbout(view)}
    </main>
    ${renderFooter()}
    </body>
    </html>
  `).trim();
}

function renderHead(view: PageView) {
  return html`<head>
<meta charset="utf-8">
<title>${renderTitle(view)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Is Bitcoin lit? It is when price and sentiment both rise.">
<link rel="icon" href="/assets/${FAVICON}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/${STYLES}">
${MODULES.map((name) => html`<link rel="modulepreload" href="/assets/${name}">`)}
<script defer src="/assets/${UPLOT}"></script>
<script type="module" src="/assets/${PAGE_SCRIPT}"></script>
</head>`;
}

function renderStage(view: PageView) {
  return html`
    <section class="stage">
      <div class="inner">
        <h1>Is Bitcoin lit?</h1>
        <div id="answer" aria-live="polite" aria-atomic="true">${renderAnswer(view)}</div>
      </div>
      <svg class="flame" viewBox="0 0 64 80" aria-hidden="true">
        <path class="outer"
          d="M33 1c3 17 26 27 26 51a27 27 0 0 1-54 1c0-13 8-19 13-30 2 7 5 10 9 11-2-13 0-24 6-33Z" />
        <path class="core"
          d="M33 42c2 9 13 13 13 23a14 14 0 0 1-28 0c0-8 6-11 8-17 1 3 3 5 5 5-1-4 0-8 2-11Z" />
      </svg>
    </section>
  `;
}

function renderChartPlace() {
  return html`
    <section aria-labelledby="chart-title">
      <h2 id="chart-title">The last 24 hours of data</h2>
      <div class="drawn">
        <ul class="keys">
          <li><i id="price-key"></i>Price <b id="price-value">–</b></li>
          <li><i id="sentiment-key"></i>Sentiment <b id="sentiment-value">–</b></li>
          <li><i id="hours-key"></i>The hours compared</li>
          <li id="chart-time"></li>
        </ul>
        <div id="chart" role="img" aria-labelledby="chart-title" aria-describedby="chart-text"></div>
        <p id="chart-text">There is nothing to draw yet.</p>
      </div>
      <noscript><p>The chart needs JavaScript. <a href="/history?hours=24&amp;bucket=1h">Its figures</a> do not.</p></noscript>
    </section>
  `;
}

function renderAbout(view: PageView) {
  const feed = FEEDS[view.feed] ?? { name: view.feed, about: "Sentiment goes from −1 to 1." };
  return html`
    <section class="inner about" aria-labelledby="about-title">
      <h2 id="about-title">Where it comes from</h2>
      <dl>
        <div>
          <dt>Newest data</dt>
          <dd id="age">${renderAge(view, view.now, TIME_ZONE)}</dd>
          <dd id="updates" role="status">Reload the page for newer data.</dd>
        </div>
        <div>
          <dt>Feed</dt>
          <dd class="fact">${feed.name}</dd>
          <dd>${feed.about}</dd>
        </div>
        <div>
          <dt>Lit</dt>
          <dd class="fact">Both rising</dd>
          <dd>Price and sentiment are averaged per hour. When the last of the three hours is above the first for both, and the data is fresh, Bitcoin is lit.</dd>
        </div>
      </dl>
    </section>
  `;
}

function renderFooter() {
  return html`
    <footer>
      <div class="inner">
        <nav aria-label="For programs">
          <a href="/is-bitcoin-lit">As JSON</a>
          <a href="/docs">API docs</a>
          <a href="/openapi.json">OpenAPI</a>
        </nav>
        <p>No affiliation with any source, no advice.</p>
      </div>
    </footer>
  `;
}
