// @ts-check
/// <reference lib="dom" />

/** @import { Content, Trouble } from "../page_view.ts" */

/** How often to look by oneself: an answer goes stale without an event. */
const LOOK_MS = 60_000;
/** How soon to look again while there is no answer. */
const RETRY_MS = 5_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows the service: by its events, and by looking every now and then.
 *
 * @param {object} listeners
 * @param {(content: Content) => void} listeners.onContent
 * @param {(connected: boolean) => void} listeners.onConnection
 */
export function follow({ onContent, onConnection }) {
  listen({ onContent, onConnection });

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function look() {
    clearTimeout(timer);
    const content = await fetchContent();
    onContent(content);
    clearTimeout(timer);
    timer = setTimeout(look, "trouble" in content ? RETRY_MS : LOOK_MS);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  addEventListener("online", look);
  look();
}

/** @param {Parameters<typeof follow>[0]} listeners */
function listen({ onContent, onConnection }) {
  let wait = FIRST_WAIT_MS;

  function connect() {
    const events = new EventSource("/events");
    events.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      onConnection(true);
    });
    events.addEventListener("summary", ({ data }) => onContent({ answer: JSON.parse(data) }));
    events.addEventListener("error", () => {
      onConnection(false);
      // The browser connects again by itself, unless it got an answer that is no stream, as a 503.
      if (events.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait * (0.5 + Math.random() / 2));
      wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    });
  }
  connect();
}

/** @returns {Promise<Content>} */
async function fetchContent() {
  try {
    const response = await fetch("/is-bitcoin-lit", { cache: "no-cache" });
    const body = await response.json();
    return response.ok ? { answer: body } : { trouble: troubleOf(body.type) };
  } catch {
    return { trouble: "unreachable" };
  }
}

/**
 * @param {unknown} type
 * @returns {Trouble}
 */
function troubleOf(type) {
  return type === "no-data" || type === "store-unavailable" ? type : "unreachable";
}
