// @ts-check
// The server and the browser render the page with the same functions, so that both say the same;
// hence plain JavaScript, without a build.

import { html } from "./html.js";

/** @import { Answer, Direction } from "../../summary/wire.ts" */
/** @import { Content, RenderContext } from "../view.ts" */
/** @import { State, Words } from "../words.ts" */

/** @typedef {{ readonly light: string; readonly dark: string }} ThemeColor */

const ARROWS = {
  rising: "M3 13 13 3M5 3h8v8",
  falling: "M3 3l10 10M13 5v8H5",
  flat: "M1 8h14M9 2l6 6-6 6",
};

const DARK_STAGE = { light: "#17191d", dark: "#17191d" };

/**
 * The colour of the stage in each state, for the browser's own frame; page.css has the same.
 *
 * @type {Readonly<Record<State, ThemeColor>>}
 */
export const THEME_COLORS = {
  "lit": { light: "#ffb01f", dark: "#ffb01f" },
  "unlit": DARK_STAGE,
  "single-hour": DARK_STAGE,
  "stale": { light: "#d7d9dc", dark: "#33373e" },
  "no-data": DARK_STAGE,
  "store-unavailable": DARK_STAGE,
  "unreachable": DARK_STAGE,
};

/**
 * Names the state of the page.
 *
 * @param {Content} content
 * @returns {State}
 */
export function stateOf(content) {
  if ("trouble" in content) return content.trouble;
  const { answer } = content;
  if (answer.stale) return "stale";
  if (answer.lit) return "lit";
  return answer.hourly_average_of_averages.length === 1 ? "single-hour" : "unlit";
}

/**
 * Returns the title of the page.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function titleOf(content, { words }) {
  return `${words.states[stateOf(content)].word} · ${words.question}`;
}

/**
 * Renders the answer. Screen readers announce each change, so it has no number and no time.
 *
 * @param {Content} content
 * @param {RenderContext} context
 */
export function renderAnswer(content, context) {
  const state = stateOf(content);
  const { word, rest, because } = context.words.states[state];
  return html`<p class="answer"><strong>${word}</strong> ${rest}</p>
${state === "stale" && context.frozenFeed && html`<p class="because">${context.words.frozen}</p>`}
<p class="because">${because}</p>
${renderDirections(content, context)}`;
}

/**
 * Renders the answer without its reason, for a small frame.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function renderEmbeddedAnswer(content, context) {
  const { word, rest } = context.words.states[stateOf(content)];
  return html`<p class="answer"><strong>${word}</strong> <span class="rest">${rest}</span></p>
${renderDirections(content, context)}`;
}

/**
 * Renders both directions; a single hour has none, because it has nothing to be compared with.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function renderDirections(content, { words }) {
  if (!isComparable(content)) return html``;
  const { price_direction, sentiment_direction } = content.answer;
  return html`
    <ul class="directions">
      ${renderDirection("price", price_direction, words)}
      ${renderDirection("sentiment", sentiment_direction, words)}
    </ul>
  `;
}

/**
 * @param {Content} content
 * @returns {content is { answer: Answer }}
 */
function isComparable(content) {
  return "answer" in content && content.answer.hourly_average_of_averages.length > 1;
}

/**
 * @param {"price" | "sentiment"} metric
 * @param {Direction} direction
 * @param {Words} words
 */
function renderDirection(metric, direction, words) {
  const arrow = ARROWS[direction];
  return html`<li>
<svg class="arrow" viewBox="0 0 16 16" aria-hidden="true"><path d="${arrow}" /></svg>
${words[metric]} <b>${words.directions[metric][direction]}</b>
</li>`;
}

/**
 * Returns both directions as a sentence, if there are hours to compare.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words" | "formats">} context
 */
export function describeDirections(content, { words, formats }) {
  if (!isComparable(content)) return undefined;
  const { price_direction, sentiment_direction, as_of } = content.answer;
  const [price, sentiment] = [
    words.directions.price[price_direction],
    words.directions.sentiment[sentiment_direction],
  ];
  return words.inShort(price, sentiment, formats.moment(as_of));
}
