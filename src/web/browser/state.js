// @ts-check

/** @import { Content } from "../view.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { State } from "../words.ts" */

/** @typedef {{ readonly light: string; readonly dark: string }} ThemeColor */

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
