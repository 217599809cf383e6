// @ts-check
/// <reference lib="dom" />
import { createFormats } from "./format.js";

/** @import { RenderContext } from "../view.ts" */
/** @import { Words } from "../words.ts" */

/** What each part shows, by its id, as it was parsed: extensions and translators change the page. */
const shown = new Map();

/**
 * Reads what the server wrote into the page for its script.
 *
 * @param {Words} words
 * @param {() => number | undefined} readNow the service's time in Unix milliseconds, if it is known
 */
export function readPage(words, readNow = () => undefined) {
  for (const { id, innerHTML } of document.querySelectorAll("[id]")) shown.set(id, innerHTML);
  const { revision = "", frozen } = document.body.dataset;
  /** @type {RenderContext["formats"] | undefined} */
  let formats;
  /** @type {RenderContext} */
  const context = {
    words,
    // The first one takes a browser up to 100 ms, and the embedded answer needs none.
    get formats() {
      return formats ??= createFormats(words.locale, readTimeZone());
    },
    frozenFeed: frozen === "true",
    get now() {
      return readNow();
    },
  };
  return { context, revision: revision === "" ? undefined : Number(revision) };
}

/** Reads the reader's time zone. A browser that does not know it says `Etc/Unknown`, which `Intl` refuses. */
function readTimeZone() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  try {
    return Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
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
 * Replaces the content of an element only if it differs from what was put there before: a screen reader
 * would read it again, and a translator translate it again.
 *
 * @param {string} id
 * @param {{ toString(): string }} markup
 */
export function put(id, markup) {
  const element = find(`#${id}`);
  const template = document.createElement("template");
  template.innerHTML = String(markup);
  if (shown.get(id) === template.innerHTML) return;
  shown.set(id, template.innerHTML);
  element.replaceChildren(template.content);
}

/**
 * Sets the title of the page, unless it was set to the same before.
 *
 * @param {string} title
 */
export function putTitle(title) {
  if (shown.get("title") === title) return;
  shown.set("title", title);
  document.title = title;
}

/**
 * Gives the page the colours of a state. The flame moves only when the state changes.
 *
 * @param {string} state
 */
export function paintState(state) {
  const { dataset } = document.body;
  if (dataset.state === state) return;
  dataset.was = dataset.state;
  dataset.state = state;
}

/**
 * Runs each part. What one throws is reported, and stops no other.
 *
 * @param {...(() => void)} parts
 */
export function runEach(...parts) {
  for (const part of parts) {
    try {
      part();
    } catch (error) {
      reportError(error);
    }
  }
}
