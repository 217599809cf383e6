// @ts-check
import { parseRevision } from "./revision_gate.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { Answer } from "../../summary/wire.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { AnswerContent, Content, Trouble } from "../view.ts" */

/** Without a limit, a request that is never answered would end the polling. */
const FETCH_TIMEOUT_MS = 10_000;

const RECORD_URL = "/track-record?days=30";
const HISTORY_URL = "/history?hours=24&bucket=15m";

/** @type {ReadonlyMap<string | undefined, Trouble>} */
const TROUBLES = new Map([
  ["no-data", "no-data"],
  ["store-unavailable", "store-unavailable"],
]);

/**
 * Fetches the answer, or the reason why there is none.
 *
 * @returns {Promise<Content>}
 */
export async function fetchContent() {
  try {
    const response = await get("/is-bitcoin-lit");
    const body = await response.json();
    if (!response.ok) return { trouble: troubleOf(body.type) };
    return withRevision(body, response.headers.get("etag"));
  } catch {
    return { trouble: "unreachable" };
  }
}

/**
 * Reads an event of the service.
 *
 * @param {MessageEvent<string>} event
 * @returns {AnswerContent}
 */
export function readEvent({ data, lastEventId }) {
  return withRevision(JSON.parse(data), lastEventId);
}

/**
 * Fetches the history that the chart shows.
 *
 * @returns {Promise<{ history: History, revision: number | undefined }>}
 * @throws {Error} if the service does not respond with one
 */
export async function fetchHistory() {
  const response = await get(HISTORY_URL);
  if (!response.ok) {
    throw new Error(`Cannot fetch ${HISTORY_URL}: status must be 200, is ${response.status}`);
  }
  return { history: await response.json(), revision: parseRevision(response.headers.get("etag")) };
}

/**
 * Fetches the track record.
 *
 * @returns {Promise<TrackRecord | undefined>} nothing if the service has none now
 */
export async function fetchTrackRecord() {
  try {
    const response = await get(RECORD_URL);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} url */
function get(url) {
  return fetch(url, { cache: "no-cache", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
}

/**
 * @param {Answer} answer
 * @param {string | null} tag
 * @returns {AnswerContent}
 */
function withRevision(answer, tag) {
  const revision = parseRevision(tag);
  return revision === undefined ? { answer } : { answer, revision };
}

/**
 * A problem's type is a URI with the problem's name behind `#`.
 *
 * @param {unknown} type
 * @returns {Trouble}
 */
function troubleOf(type) {
  return TROUBLES.get(String(type).split("#").at(-1)) ?? "unreachable";
}
