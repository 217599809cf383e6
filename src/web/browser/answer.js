// @ts-check
// The server and the browser render the page with the same functions, so that both say the same;
// hence plain JavaScript, without a build.

import { html } from "./html.js";
import { stateOf } from "./state.js";

/** @import { Content } from "../view.ts" */
/** @import { Answer, Direction } from "../../summary/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { Words } from "../words.ts" */

const ARROWS = {
  rising: "M3 13 13 3M5 3h8v8",
  falling: "M3 3l10 10M13 5v8H5",
  flat: "M1 8h14M9 2l6 6-6 6",
};

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
      ${renderDirection(words.price, price_direction, words)}
      ${renderDirection(words.sentiment, sentiment_direction, words)}
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
 * @param {string} name
 * @param {Direction} direction
 * @param {Words} words
 */
function renderDirection(name, direction, { directions }) {
  const arrow = ARROWS[direction];
  return html`<li>
<svg class="arrow" viewBox="0 0 16 16" aria-hidden="true"><path d="${arrow}" /></svg>
${name} <b>${directions[direction]}</b>
</li>`;
}

/**
 * Returns both directions as a sentence, if there are hours to compare.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function describeDirections(content, { words }) {
  if (!isComparable(content)) return undefined;
  const { price_direction, sentiment_direction } = content.answer;
  return words.inShort(words.directions[price_direction], words.directions[sentiment_direction]);
}
