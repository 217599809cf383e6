// @ts-check
/// <reference lib="dom" />
import { runEach } from "./dom.js";
import { RevisionGate } from "./revision_gate.js";
import { fetchContent, readEvent } from "./service.js";

/** @import { Content } from "../view.ts" */

/** How often to ask anyway: an answer can go stale without an event. */
const ASK_MS = 60_000;
/** How soon to ask again while there is no answer, or an older one than the one shown. */
const RETRY_MS = 5_000;
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;
/** The service sends an event at least every 15 s: after a longer silence the connection is dead. */
const MAX_SILENCE_MS = 40_000;
/** A reader who looks at another tab and comes back at once keeps the stream. */
const HIDDEN_MS = 2_000;

/**
 * @typedef {object} Follower
 * @property {number | undefined} revision of what is shown at first
 * @property {(content: Content) => void} onContent
 * @property {(isLive: boolean) => void} [onConnection] when events begin or cease to arrive
 * @property {(time: number) => void} [onTime] the service's time in Unix milliseconds
 */

/**
 * Follows the service: by its events while the page is visible, and by asking now and then.
 *
 * @param {Follower} follower
 */
export function follow({ revision, onContent, onConnection = () => {}, onTime = () => {} }) {
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
    if (admitted) runEach(() => onContent(content));
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
    const { content, time } = await fetchContent();
    if (time !== undefined) onTime(time);
    askIn(receive(content, requestedAt) ? ASK_MS : RETRY_MS);
  }

  const events = new Events({
    onEvent: (event) => receive(readEvent(event), performance.now()) || askIn(RETRY_MS),
    onConnection: (isLive) => runEach(() => onConnection(isLive)),
  });
  followVisibility(events, ask);
  ask();
}

/**
 * Keeps the stream while the page is visible: a browser has six connections per host over HTTP/1.1,
 * for all tabs and for the pages that it keeps for *Back*.
 *
 * @param {Events} events
 * @param {() => void} ask catches up
 */
function followVisibility(events, ask) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hiding;

  function wake() {
    clearTimeout(hiding);
    ask();
    if (document.visibilityState === "visible") events.open();
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return wake();
    clearTimeout(hiding);
    hiding = setTimeout(() => events.close(), HIDDEN_MS);
  });
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", ({ persisted }) => persisted && wake());
  addEventListener("online", () => {
    // The old connection may have died with the network.
    events.close();
    wake();
  });
  if (document.visibilityState === "visible") events.open();
}

/** The stream of the service's events, which is opened anew after an end or a silence. */
class Events {
  #listeners;
  /** @type {EventSource | undefined} */
  #source;
  #backoffMs = MIN_BACKOFF_MS;
  /** @type {ReturnType<typeof setTimeout> | undefined} when to open the stream anew */
  #timer;

  /**
   * @param {object} listeners
   * @param {(event: MessageEvent<string>) => void} listeners.onEvent
   * @param {(isLive: boolean) => void} listeners.onConnection
   */
  constructor(listeners) {
    this.#listeners = listeners;
  }

  /** Opens the stream, unless it is open. */
  open() {
    if (this.#source !== undefined && this.#source.readyState !== EventSource.CLOSED) return;
    const source = this.#source = new EventSource("events");
    source.addEventListener("heartbeat", () => this.#hear());
    source.addEventListener("summary", (event) => {
      this.#hear();
      this.#listeners.onEvent(event);
    });
    source.addEventListener("error", () => this.#lose());
    this.#openAnewIn(MAX_SILENCE_MS);
  }

  /** Closes the stream until it is opened. */
  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
    this.#listeners.onConnection(false);
  }

  #hear() {
    this.#backoffMs = MIN_BACKOFF_MS;
    this.#openAnewIn(MAX_SILENCE_MS);
    this.#listeners.onConnection(true);
  }

  #lose() {
    this.#listeners.onConnection(false);
    // The browser connects again by itself, except after a response that is no stream: a 502.
    if (this.#source?.readyState !== EventSource.CLOSED) return;
    this.#openAnewIn(this.#backoffMs * (0.5 + Math.random() / 2));
    this.#backoffMs = Math.min(2 * this.#backoffMs, MAX_BACKOFF_MS);
  }

  /** @param {number} ms */
  #openAnewIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.close();
      this.open();
    }, ms);
  }
}
