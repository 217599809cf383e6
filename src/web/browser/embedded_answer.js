// @ts-check
import { renderDirections } from "./answer.js";
import { html } from "./html.js";
import { stateOf } from "./state.js";

/** @import { Content } from "../view.ts" */
/** @import { RenderContext } from "../view.ts" */

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
