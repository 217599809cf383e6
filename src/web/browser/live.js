// @ts-check
/// <reference lib="dom" />
import { RevisionGate } from "./revision_gate.js";
import { fetchContent, readEvent } from "./service.js";

/** @import { Content } from "../view.ts" */

/** How often to ask anyway: an answer can go stale without an event. */
const ASK_MS = 60_000;
/** How soon to ask again while there is no answer, or an older one than the one shown. */
const RETRY_MS = 5_000;
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/**
 * @typedef {object} Follower
 * @property {number | undefined} revision of what is shown at first
 * @property {(content: Content) => void} onContent
 * @property {(connected: boolean) => void} onConnection
 */

/**
 * Follows the service: by its events, and by asking now and then.
 *
 * @param {Follower} follower
 */
export function follow({ revision, onContent, onConnection }) {
  const gate = new RevisionGate(revision);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /**
   * @param {Content} content
   * @param {number} requestedAt
   * @returns {boolean} whether there is nothing better to wait for
   */
  function receive(content, requestedAt) {
    const revision = "answer" in content ? content.revision : undefined;
    const admitted = gate.admit(revision, requestedAt, performance.now());
    if (admitted) onContent(content);
    return admitted && "answer" in content;
  }

  /** @param {number} ms */
  function askIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }

  async function ask() {
    clearTimeout(timer);
    const requestedAt = performance.now();
    askIn(receive(await fetchContent(), requestedAt) ? ASK_MS : RETRY_MS);
  }

  const connect = listen({
    onEvent: (event) => receive(readEvent(event), performance.now()) || askIn(RETRY_MS),
    onConnection,
  });
  function wake() {
    connect();
    ask();
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  ask();
}

/**
 * Listens to the service's events.
 *
 * @param {object} listeners
 * @param {(event: MessageEvent<string>) => void} listeners.onEvent
 * @param {(connected: boolean) => void} listeners.onConnection
 * @returns {() => void} connects at once if it waits to connect again
 */
function listen({ onEvent, onConnection }) {
  let backoffMs = MIN_BACKOFF_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function connect() {
    timer = undefined;
    const events = new EventSource("/events");
    events.addEventListener("open", () => {
      backoffMs = MIN_BACKOFF_MS;
      onConnection(true);
    });
    events.addEventListener("summary", onEvent);
    events.addEventListener("error", () => {
      onConnection(false);
      // The browser connects again by itself, except after a response that is no stream: a 502.
      if (events.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, backoffMs * (0.5 + Math.random() / 2));
      backoffMs = Math.min(2 * backoffMs, MAX_BACKOFF_MS);
    });
  }
  connect();

  return () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    connect();
  };
}
