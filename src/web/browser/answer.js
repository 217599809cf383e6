// @ts-check
// The server and the browser render the page with the same functions, so that both say the same;
// hence plain JavaScript, without a build.

import { html } from "./html.js";
import {
  describeCompared,
  describeDataAge,
  describeReason,
  describeSince,
  formatMoment,
  titleSince,
} from "./since.js";

/** @import { Answer, Direction } from "../../summary/wire.ts" */
/** @import { Content, PageContext, RenderContext } from "../view.ts" */
/** @import { State, Words } from "../words.ts" */
/** @import { RecordEnd } from "./since.js" */

/** @typedef {{ readonly light: string; readonly dark: string }} ThemeColor */

const ARROWS = {
  rising: "M3 13 13 3M5 3h8v8",
  falling: "M3 3l10 10M13 5v8H5",
  flat: "M1 8h14M9 2l6 6-6 6",
};

const MARKS = { met: "M2 9l4 4L14 3", unmet: "M3 3l10 10M13 3 3 13" };

const DARK_STAGE = { light: "#17191d", dark: "#17191d" };
const UNDECIDED_STAGE = { light: "#d7d9dc", dark: "#33373e" };

/**
 * The colour of the stage in each state, for the browser's own frame; page.css has the same.
 *
 * @type {Readonly<Record<State, ThemeColor>>}
 */
export const THEME_COLORS = {
  "lit": { light: "#ffb01f", dark: "#1c1007" },
  "unlit": DARK_STAGE,
  "single-hour": UNDECIDED_STAGE,
  "stale": UNDECIDED_STAGE,
  "no-data": UNDECIDED_STAGE,
  "store-unavailable": UNDECIDED_STAGE,
  "unreachable": UNDECIDED_STAGE,
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
 * Returns the title of the embedded answer: it has no record, so it does not know since when.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function embeddedTitleOf(content, { words }) {
  return `${words.states[stateOf(content)].word} · ${words.question}`;
}

/**
 * Returns the title of the page, with absolute times: tabs and previews keep it.
 *
 * @param {Content} content
 * @param {RenderContext} context
 * @param {RecordEnd | undefined} record
 */
export function titleOf(content, context, record) {
  const since = titleSince(content, record, context);
  return since === undefined
    ? embeddedTitleOf(content, context)
    : `${since} · ${context.words.question}`;
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
  const reason = state === "stale" && context.frozenFeed ? context.words.frozen : because;
  return html`<p class="answer"><strong>${word}</strong> ${rest}</p>
${reason !== undefined && html`<p class="because">${reason}</p>`}
${state !== "stale" && renderDirections(content, context)}`;
}

/**
 * Renders what decides, with amounts and hours, and since when it is so; of old data how old it is, and
 * what it said.
 *
 * @param {Content} content
 * @param {RecordEnd | undefined} record
 * @param {RenderContext} context
 */
export function renderReason(content, record, context) {
  if ("answer" in content && content.answer.stale) return renderPast(content, context);
  const reason = describeReason(content, context);
  const since = describeSince(content, record, context);
  const compared = describeCompared(content, context);
  return html`${reason !== undefined && html`<p class="reason">${reason}</p>`}
${compared !== undefined && html`<p class="compared">${compared}</p>`}
${since !== undefined && html`<p class="since">${since}</p>`}`;
}

/**
 * Renders what was so when the data was new.
 *
 * @param {{ readonly answer: Answer }} content
 * @param {RenderContext} context
 */
function renderPast(content, context) {
  const { answer } = content;
  const { words } = context;
  const age = describeDataAge(answer, context);
  const asOf = isComparable(content) && words.past.asOf(formatMoment(answer.as_of, context));
  return html`<p class="since">${
    age !== undefined && html`<b>${age}</b>${words.record.space}`
  }${asOf}</p>
${renderDirections(content, context)}`;
}

/**
 * Renders the answer without its reason, for a small frame.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
export function renderEmbeddedAnswer(content, context) {
  const state = stateOf(content);
  const { word, rest } = context.words.states[state];
  return html`<p class="answer"><strong>${word}</strong> <span class="rest">${rest}</span></p>
${state !== "stale" && renderDirections(content, context)}`;
}

/**
 * Renders both directions; a single hour has none, because it has nothing to be compared with.
 *
 * @param {Content} content
 * @param {Pick<RenderContext, "words">} context
 */
function renderDirections(content, { words }) {
  if (!isComparable(content)) return html``;
  const { price_direction, sentiment_direction, stale } = content.answer;
  return html`
    <ul class="directions${stale && " undecided"}">
      ${renderDirection("price", price_direction, words)}
      ${renderDirection("sentiment", sentiment_direction, words)}
    </ul>
  `;
}

/**
 * Says whether there are hours to compare.
 *
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
  const outcome = direction === "rising" ? "met" : "unmet";
  return html`<li class="${outcome}">
<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="${MARKS[outcome]}" /></svg>
<svg class="arrow" viewBox="0 0 16 16" aria-hidden="true"><path d="${ARROWS[direction]}" /></svg>
${words[metric]} <b>${words.directions[metric][direction]}</b>
</li>`;
}

/**
 * Returns what decides and since when as a sentence with absolute times, if there are hours to compare.
 *
 * @param {Content} content
 * @param {RecordEnd | undefined} record
 * @param {PageContext} context
 */
export function describeAnswer(content, record, context) {
  if (!isComparable(content)) return undefined;
  const { words, formats } = context;
  const { price_direction, sentiment_direction, as_of } = content.answer;
  const directions = words.inShort(
    words.directions.price[price_direction],
    words.directions.sentiment[sentiment_direction],
    formats.moment(as_of),
  );
  const parts = [
    describeReason(content, context),
    describeSince(content, record, context),
    directions,
  ];
  return parts.filter((part) => part !== undefined).join(words.record.space);
}
