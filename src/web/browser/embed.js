// @ts-check
/// <reference lib="dom" />
import { put, readPage } from "./dom.js";
import { renderEmbeddedAnswer } from "./embedded_answer.js";
import { follow } from "./live.js";
import { stateOf, titleOf } from "./state.js";

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
      document.title = titleOf(content, context);
      document.body.dataset.state = stateOf(content);
      put("answer", renderEmbeddedAnswer(content, context));
    },
    onConnection() {},
  });
}
