// @ts-check
/// <reference lib="dom" />
import { embeddedTitleOf, renderEmbeddedAnswer, stateOf } from "./answer.js";
import { paintState, put, putTitle, readPage } from "./dom.js";
import { follow } from "./live.js";
import { TOLD_FRAME } from "./use.js";

/** @import { Content } from "../view.ts" */
/** @import { Words } from "../words.ts" */

/**
 * Keeps the embedded answer up to date.
 *
 * @param {Words} words of the page's language
 */
export function startEmbed(words) {
  const { context, revision } = readPage(words);

  /** @param {Content} content */
  function show(content) {
    putTitle(embeddedTitleOf(content, context));
    paintState(stateOf(content));
    put("answer", renderEmbeddedAnswer(content, context));
  }

  if (self.name !== TOLD_FRAME) return follow({ revision, onContent: show });
  addEventListener("message", ({ origin, source, data }) => {
    // Extensions of the browser send messages within the frame.
    if (origin === location.origin && source === parent) show(data);
  });
}
