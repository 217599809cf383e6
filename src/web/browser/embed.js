// @ts-check
/// <reference lib="dom" />
import { renderEmbeddedAnswer, stateOf, titleOf } from "./answer.js";
import { paintState, put, putTitle, readPage } from "./dom.js";
import { follow } from "./live.js";

/** @import { Words } from "../words.ts" */

/**
 * Keeps the embedded answer up to date.
 *
 * @param {Words} words of the page's language
 */
export function startEmbed(words) {
  const { context, revision } = readPage(words);
  follow({
    revision,
    onContent(content) {
      putTitle(titleOf(content, context));
      paintState(stateOf(content));
      put("answer", renderEmbeddedAnswer(content, context));
    },
  });
}
