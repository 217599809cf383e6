// @ts-check
/// <reference lib="dom" />
import { find } from "./dom.js";

/** @import { Content } from "../view.ts" */
/** @import { Words } from "../words.ts" */

/** The name of the frame that the page tells what it hears. */
export const TOLD_FRAME = "is-bitcoin-lit-told";

/**
 * Brings the ways to use the answer to life: addresses, copy buttons and the embedded answer.
 *
 * @param {Words["use"]} words
 * @returns {(content: Content) => void} tells the embedded answer what it is to show
 */
export function startUse(words) {
  for (const code of document.querySelectorAll("code")) makeAbsolute(code);
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", () => copy(button, words));
  }
  return showEmbedWhenSeen(find("#embed"));
}

/**
 * Makes the address in the code for other sites absolute: only the browser knows where the page is.
 *
 * @param {Element} code
 */
function makeAbsolute(code) {
  code.textContent = code.textContent.replace(
    / src="([^"]*)"/,
    (_, url) => ` src="${new URL(url, document.baseURI)}"`,
  );
}

/**
 * Copies the code of a button, and announces it.
 *
 * @param {Element} button
 * @param {Words["use"]} words
 */
async function copy(button, words) {
  const code = find(`#${button.getAttribute("data-copy")}`);
  let said = words.copied;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = words.copied;
    setTimeout(() => button.textContent = words.copy, 2_000);
  } catch {
    // Browsers let no page copy over plain HTTP.
    getSelection()?.selectAllChildren(code);
    said = words.notCopied;
  }
  // The same text again would not be announced.
  find("#copied").textContent = "";
  find("#copied").textContent = said;
}

/**
 * Loads the embedded answer once it is seen. A stream of its own would take a second connection of six.
 *
 * @param {HTMLElement} place
 * @returns {(content: Content) => void}
 */
function showEmbedWhenSeen(place) {
  const frame = document.createElement("iframe");
  /** @type {Content | undefined} */
  let known;
  const tell = () => known && frame.contentWindow?.postMessage(known, location.origin);
  frame.addEventListener("load", tell);
  frame.name = TOLD_FRAME;
  frame.title = place.dataset.title ?? "";
  frame.src = place.dataset.src ?? "";
  new IntersectionObserver(([entry], observer) => {
    if (!entry?.isIntersecting) return;
    observer.disconnect();
    place.append(frame);
  }).observe(place);
  return (content) => {
    known = content;
    tell();
  };
}
