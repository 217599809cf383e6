// @ts-check
/// <reference lib="dom" />
import { createFormats } from "./format.js";
import { createRecordFormats } from "./record_format.js";

/** @import { RenderContext } from "../view.ts" */
/** @import { Words } from "../words.ts" */

/**
 * Reads what the server wrote into the page for its script.
 *
 * @param {Words} words
 */
export function readPage(words) {
  const { now, revision = "", frozen } = document.body.dataset;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // The service's clock counts, not the reader's.
  const aheadMs = Number(now) - Date.now();
  /** @type {RenderContext} */
  const context = {
    words,
    formats: createFormats(words.locale, timeZone),
    recordFormats: createRecordFormats(words.locale, timeZone),
    frozenFeed: frozen === "true",
  };
  return {
    context,
    revision: revision === "" ? undefined : Number(revision),
    now: () => Date.now() + aheadMs,
  };
}

/**
 * Finds an element that the server rendered.
 *
 * @param {string} selector
 * @returns {HTMLElement}
 * @throws {Error} if the page has none
 */
export function find(selector) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement) return element;
  throw new Error(`Cannot find ${selector} in the page`);
}

/**
 * Replaces the content of an element only if it differs: a screen reader would read it again.
 *
 * @param {string} id
 * @param {{ toString(): string }} markup
 */
export function put(id, markup) {
  const element = find(`#${id}`);
  const template = document.createElement("template");
  template.innerHTML = String(markup);
  if (element.innerHTML !== template.innerHTML) element.replaceChildren(template.content);
}
