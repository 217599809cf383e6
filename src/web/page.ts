import { LANGUAGES } from "../feeds/feed.ts";
import { renderAnswer, renderReason } from "./browser/answer.js";
import { renderAge, renderHours } from "./browser/figures.js";
import { SPANS } from "./browser/history.js";
import { Html, html } from "./browser/html.js";
import { renderPayoff } from "./browser/payoff.js";
import { renderRecordSection } from "./browser/record.js";
import { renderHead } from "./head.ts";
import { renderUse } from "./use.ts";
import { createHeaders, pathIn, renderBodyTag, renderFlame } from "./layout.ts";
import { createContext, type PageContext, type PageView, WORDS } from "./view.ts";
import type { PageWords } from "./words.ts";

/** Headers of the page: it may use what this origin serves, nothing else, and nothing inline. */
export const PAGE_HEADERS = createHeaders({ frameAncestors: "'none'" });

/** The name of the feed whose data is invented. */
const SIMULATED_FEED = "simulated";

const CHECKED = new Html(" checked");
const HIDDEN = new Html(" hidden");

interface PlotPlace {
  readonly words: PageWords;
  /** Without it, the figures beside the chart are its keys. */
  readonly keys?: Html;
  /** Whether there is nothing to draw yet. */
  readonly isEmpty?: boolean;
}

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
    <div class="inner now columns">
    <section aria-labelledby="hours-title">
    <h2 id="hours-title">${context.words.titles.hours}</h2>
    <div id="hours">${renderHours(view, context)}</div>
    </section>
    ${renderHistorySection(view, context)}
    <div>
    <h2 class="minor">${context.words.howItWorks}</h2>
    <p class="rule">${context.words.facts.rule}</p>
    <p class="rule">${view.description.sentiment[view.language]}</p>
    </div>
    </div>
    ${renderRecordSection(view, context)}
    ${renderPayoffSection(view, context)}
    ${renderUse(view, context)}
    ${renderAbout(view, context)}
    </main>
    ${renderFooter(view, context)}
    </body>
    </html>
  `).trim();
}

function renderStage(view: PageView, context: PageContext) {
  const { words } = context;
  return html`
    <section class="stage">
      <div class="inner">
        <header class="top">
          <h1>${words.question}</h1>
          ${view.feed === SIMULATED_FEED && html`<p class="simulated">${words.simulated}</p>`}
          ${renderLanguageSwitch(view, context)}
        </header>
        <div class="flame">${renderFlame()}</div>
        <div class="said">
          <div id="answer" aria-live="polite" aria-atomic="true">${renderAnswer(
            view,
            context,
          )}</div>
          <div id="reason" data-record="${encodeRecordEnd(view)}">${renderReason(
            view,
            view.record,
            context,
          )}</div>
        </div>
      </div>
    </section>
  `;
}

/** The end of the record, with which the script says since when until it has the whole. */
function encodeRecordEnd({ record }: PageView): string {
  if (record === undefined) return "";
  const { from, to, known_hours, spells, unknown } = record;
  return JSON.stringify({
    from,
    to,
    known_hours,
    spells: spells.slice(-1),
    unknown: unknown.slice(-1),
  });
}

function renderLanguageSwitch(view: PageView, { words }: PageContext) {
  return html`
    <nav class="languages" aria-label="${words.languageSwitch}">${renderLanguageLinks(view)}</nav>
  `;
}

function renderLanguageLinks({ language }: PageView) {
  return LANGUAGES.map((tag) =>
    html`
      <a href="${pathIn(tag)}" lang="${tag}" hreflang="${tag}" aria-current="${String(
        tag === language,
      )}">
        ${WORDS[tag].language}</a>
    `
  );
}

function renderHistorySection({ maxHours = Infinity }: PageView, { words }: PageContext) {
  const { titles, plot } = words;
  const keys = html`
    <p class="keys"><i class="band"></i>${plot.hoursCompared}</p>
  `;
  const spans = SPANS.filter(({ hours }, i) => i === 0 || hours <= maxHours);
  return html`
    <section aria-labelledby="chart-title">
      <div class="plot-head">
        <h2 id="chart-title">${titles.chart}</h2>
        <fieldset class="spans scripted">
          <legend class="hidden">${plot.span}</legend>
          ${spans.map(({ name }, i) =>
            html`<label><input type="radio" name="span" value="${name}" autocomplete="off"${
              i === 0 && CHECKED
            }><span>${plot.spans[name]}</span></label>`
          )}
        </fieldset>
      </div>
      ${renderPlotPlace("chart", titles.chart, { words, keys })}
      <noscript><p>${plot.needsScript}
        <a href="history?hours=24&amp;bucket=1h">${plot.figures}</a></p></noscript>
    </section>
  `;
}

/** Renders where the script draws a chart, with its keys above and its text below. */
function renderPlotPlace(
  id: string,
  label: string,
  { words: { plot }, keys, isEmpty = false }: PlotPlace,
) {
  return html`
    <div class="scripted">
      <div id="${id}-drawn" ${isEmpty && HIDDEN}>
        ${keys ?? ""}
        <div id="${id}" class="plot" role="slider" tabindex="0" aria-label="${label}"
          aria-describedby="${id}-text ${id}-help" aria-valuemin="0" aria-valuemax="0"
          aria-valuenow="0"></div>
        <p id="${id}-help" class="plot-help">${plot.help}</p>
      </div>
      <p id="${id}-text" class="plot-text"></p>
    </div>
  `;
}

function renderPayoffSection({ record }: PageView, context: PageContext) {
  const { words } = context;
  return html`
    <section class="inner payoff" aria-labelledby="payoff-title">
      <h2 id="payoff-title">${words.titles.payoff}</h2>
      <div class="columns">
        <div id="payoff">${renderPayoff(record, context)}</div>
        ${renderPlotPlace("payoff-chart", words.payoffChart, {
          words,
          isEmpty: record?.payoff == null,
        })}
      </div>
    </section>
  `;
}

function renderAbout(view: PageView, context: PageContext) {
  const { facts } = context.words;
  const { title, price } = view.description;
  return html`
    <section id="about" class="inner" aria-labelledby="about-title">
      <h2 id="about-title">${facts.title}</h2>
      <dl>
        <div>
          <dt>${facts.newest}</dt>
          <dd id="age">${renderAge(view, context)}</dd>
          <dd>
            <p id="updates" role="status">${facts.manual}</p>
          </dd>
        </div>
        <div>
          <dt>${facts.feed}</dt>
          <dd class="fact">${title[view.language]}</dd>
          <dd>${price[view.language]}</dd>
          ${view.degraded ? html`<dd id="degraded">${facts.degraded}</dd>` : ""}
        </div>
      </dl>
    </section>
  `;
}

function renderFooter(view: PageView, context: PageContext) {
  const { words } = context;
  return html`
    <footer>
      <div class="inner">
        <p>${words.disclaimer}</p>
        <nav aria-label="${words.ways.title}">
          <a href="#about">${words.sources(view.description.title[view.language])}</a>
          <a href="docs">${words.ways.docs}</a>
          <a href="openapi.json">${words.ways.openapi}</a>
          ${renderLanguageLinks(view)}
        </nav>
      </div>
    </footer>
  `;
}
