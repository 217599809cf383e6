// @ts-check
import { parseRevision } from "./revision_gate.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { Answer } from "../../summary/wire.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { AnswerContent, Content, Trouble } from "../view.ts" */
/** @import { ChartSpan } from "./history.js" */

/** Without a limit, a request that is never answered would end the polling. */
const FETCH_TIMEOUT_MS = 10_000;

// Relative, since a proxy may serve the page below a path.
const ANSWER_URL = "is-bitcoin-lit";
const RECORD_URL = "track-record";

/** @type {ReadonlyMap<string | undefined, Trouble>} */
const TROUBLES = new Map([
  ["no-data", "no-data"],
  ["store-unavailable", "store-unavailable"],
]);

/**
 * Something that the service responded with, its revision if that is known, and the service's time in
 * Unix milliseconds.
 *
 * @template T
 * @typedef {{ body: T, revision: number | undefined, time: number | undefined }} Fetched
 */

/**
 * Fetches the answer, or the reason why there is none.
 *
 * @returns {Promise<{ content: Content, time?: number | undefined }>}
 */
export async function fetchContent() {
  try {
    // A cached response would bring the time at which it was cached.
    const response = await get(ANSWER_URL, "no-store");
    const { body, revision, time } = await read(response);
    const content = response.ok ? withRevision(body, revision) : { trouble: troubleOf(body.type) };
    return { content, time };
  } catch {
    return { content: { trouble: "unreachable" } };
  }
}

/**
 * Reads an event of the service.
 *
 * @param {MessageEvent<string>} event
 * @returns {AnswerContent}
 */
export function readEvent({ data, lastEventId }) {
  return withRevision(JSON.parse(data), parseRevision(lastEventId));
}

/**
 * Fetches the history that the chart shows.
 *
 * @param {ChartSpan} span
 * @returns {Promise<Fetched<History> | undefined>} nothing if the service has none now
 */
export function fetchHistory({ hours, bucket }) {
  return fetchIfThere(`history?hours=${hours}&bucket=${bucket}`);
}

/**
 * Fetches the track record of the days that the service offers.
 *
 * @returns {Promise<Fetched<TrackRecord> | undefined>} nothing if the service has none now
 */
export function fetchTrackRecord() {
  return fetchIfThere(RECORD_URL);
}

/** @param {string} url */
async function fetchIfThere(url) {
  try {
    const response = await get(url, "no-cache");
    return response.ok ? await read(response) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 */
function get(url, cache) {
  return fetch(url, { cache, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
}

/** @param {Response} response */
async function read(response) {
  const { headers } = response;
  const time = readTime(headers);
  return { body: await response.json(), revision: parseRevision(headers.get("etag")), time };
}

/**
 * Reads the service's time. A shared cache keeps the `Date` of a response, and adds its `Age`.
 *
 * @param {Headers} headers
 */
function readTime(headers) {
  const date = headers.get("date") ?? "";
  const ageSeconds = Number(headers.get("age") ?? 0);
  return / GMT$/.test(date) && ageSeconds >= 0 ? Date.parse(date) + 1_000 * ageSeconds : undefined;
}

/**
 * @param {Answer} answer
 * @param {number | undefined} revision
 * @returns {AnswerContent}
 */
function withRevision(answer, revision) {
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
