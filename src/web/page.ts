import { LANGUAGES } from "../feeds/feed.ts";
import { renderAnswer } from "./browser/answer.js";
import { renderAge, renderHours } from "./browser/figures.js";
import { html } from "./browser/html.js";
import { renderRecordSection } from "./browser/record.js";
import { renderHead } from "./head.ts";
import { createHeaders, pathIn, renderBodyTag, renderFlame, urlOf } from "./layout.ts";
import { createContext, type PageView, type RenderContext, WORDS } from "./view.ts";

/** Headers of the page: it may use what this origin serves, nothing else, and nothing inline. */
export const PAGE_HEADERS = createHeaders({ frameAncestors: "'none'" });

/** The name of the feed whose data is invented. */
const SIMULATED_FEED = "simulated";

/** Renders the whole page; the browser keeps it up to date from there. */
export function renderPage(view: PageView): string {
  const context = createContext(view);
  return String(html`
    <!DOCTYPE html>
    <html lang="${view.language}">
    ${renderHead(view, context)}
    ${renderBodyTag(view)}
    <main>
    ${renderStage(view, context)}
    <div class="inner columns">
    <section aria-labelledby="hours-title">
    <h2 id="hours-title">${context.words.hours.title}</h2>
    <div id="hours">${renderHours(view, context)}</div>
    </section>
    ${renderChartPlace(context)}
    </div>
    ${renderRecordSection(view, context)}
    ${renderAbout(view, context)}
    ${renderUse(view, context)}
    </main>
    ${renderFooter(context)}
    </body>
    </html>
  `).trim();
}

function renderStage(view: PageView, context: RenderContext) {
  const { words } = context;
  return html`
    <section class="stage">
      <div class="inner">
        <header class="top">
          <h1>${words.question}</h1>
          ${renderLanguageSwitch(view, context)}
        </header>
        ${view.feed === SIMULATED_FEED && html`<p class="simulated">${words.simulated}</p>`}
        <div id="answer" aria-live="polite" aria-atomic="true">${renderAnswer(view, context)}</div>
        <div class="flame">${renderFlame()}</div>
      </div>
    </section>
  `;
}

function renderLanguageSwitch({ language }: PageView, { words }: RenderContext) {
  const languages = LANGUAGES.map((tag) => ({ tag, path: pathIn(tag), current: tag === language }));
  return html`
    <nav class="languages" aria-label="${words.languageSwitch}">
      ${languages.map(({ tag, path, current }) =>
        html`
          <a href="${path}" lang="${tag}" hreflang="${tag}" aria-current="${String(current)}">
            ${WORDS[tag].language}</a>
        `
      )}
    </nav>
  `;
}

function renderChartPlace({ words: { chart, price, sentiment } }: RenderContext) {
  return html`
    <section class="chart" aria-labelledby="chart-title">
      <h2 id="chart-title">${chart.title}</h2>
      <div class="scripted">
        <div id="chart-drawn">
          <ul class="keys">
            <li><i id="price-key"></i>${price} <b id="price-value"></b></li>
            <li><i id="sentiment-key"></i>${sentiment} <b id="sentiment-value"></b></li>
            <li><i id="hours-key"></i>${chart.hoursCompared}</li>
            <li id="chart-time"></li>
          </ul>
          <div id="chart" role="slider" tabindex="0" aria-labelledby="chart-title"
            aria-describedby="chart-text chart-help" aria-valuemin="0" aria-valuemax="0"
            aria-valuenow="0"></div>
        </div>
        <p id="chart-text"></p>
        <p id="chart-help">${chart.help}</p>
      </div>
      <noscript><p>${chart.needsScript}
        <a href="history?hours=24&amp;bucket=1h">${chart.figures}</a></p></noscript>
    </section>
  `;
}

function renderAbout(view: PageView, context: RenderContext) {
  const { about, updates } = context.words;
  const { title, sentiment, price } = view.description;
  return html`
    <section class="inner about" aria-labelledby="about-title">
      <h2 id="about-title">${about.title}</h2>
      <dl>
        <div>
          <dt>${about.newest}</dt>
          <dd id="age">${renderAge(view, context)}</dd>
          <dd>
            <p id="updates" role="status">${updates.manual}</p>
          </dd>
        </div>
        <div>
          <dt>${about.feed}</dt>
          <dd class="fact">${title[view.language]}</dd>
          <dd>${price[view.language]}</dd>
          <dd>${sentiment[view.language]}</dd>
          ${view.degraded ? html`<dd id="degraded">${about.degraded}</dd>` : ""}
        </div>
        <div>
          <dt>${about.rule}</dt>
          <dd class="fact">${about.ruleShort}</dd>
          <dd>${about.ruleLong}</dd>
        </div>
      </dl>
    </section>
  `;
}

function renderUse({ language, publicUrl }: PageView, { words: { use, question } }: RenderContext) {
  const embed = urlOf(`embed?lang=${language}`, publicUrl);
  const snippet = `<iframe src="${embed}" title="${question}" width="300" height="120"></iframe>`;
  return html`
    <section class="inner use" aria-labelledby="use-title">
      <h2 id="use-title">${use.title}</h2>
      <dl>
        <div>
          <dt>${use.read}</dt>
          <dd class="links">
            <a href="is-bitcoin-lit">${use.json}</a>
            <a href="history.csv?hours=24&amp;bucket=1h">${use.csv}</a>
            <a href="lit.txt">${use.text}</a>
            <a href="docs">${use.docs}</a>
          </dd>
          <dd>${use.readHow}</dd>
        </div>
        <div>
          <dt>${use.follow}</dt>
          <dd class="links"><a href="feed.atom">${use.atom}</a></dd>
          <dd>${use.followHow}</dd>
        </div>
        <div>
          <dt>${use.show}</dt>
          <dd class="links">
            <a href="embed?lang=${language}">${use.embed}</a>
            <a href="badge.svg">${use.badge}</a>
          </dd>
          <dd>${use.showHow} <code id="snippet">${snippet}</code></dd>
        </div>
      </dl>
    </section>
  `;
}

function renderFooter({ words }: RenderContext) {
  return html`
    <footer>
      <div class="inner">
        <p>${words.disclaimer}</p>
        <a href="openapi.json">OpenAPI</a>
      </div>
    </footer>
  `;
}
