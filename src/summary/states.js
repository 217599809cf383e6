// @ts-check
// Plain JavaScript: the page's scripts import it, too.

/** @import { Answer } from "./wire.ts" */

/** The states that an answer can have, as notifications name them. */
export const STATES = /** @type {const} */ (["lit", "unlit", "stale"]);

/** @typedef {(typeof STATES)[number]} State One of {@linkcode STATES}. */

/**
 * How each state is named where there is room for a word or two: `reply` answers the question,
 * `label` describes Bitcoin.
 */
export const STATE_WORDS = /** @type {const} */ ({
  lit: { reply: "yes", label: "lit" },
  unlit: { reply: "no", label: "not lit" },
  stale: { reply: "unknown", label: "unknown" },
});

/**
 * Returns the state of an answer: `stale` hides whether Bitcoin was lit.
 *
 * @param {Pick<Answer, "lit" | "stale">} answer
 * @returns {State}
 */
export function stateOf({ lit, stale }) {
  if (stale) return "stale";
  return lit ? "lit" : "unlit";
}
