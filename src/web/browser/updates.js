// @ts-check
import { runEach } from "./dom.js";
import { RevisionGate } from "./revision_gate.js";
import { fetchHistory, fetchTrackRecord } from "./service.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { AnswerContent } from "../view.ts" */

/** Another instance may need five seconds to have the history that belongs to an answer. */
const HISTORY_RETRY_MS = 5_000;
/** A record grows every hour, and whenever a backfill loads older hours. */
const RECORD_ASK_MS = 300_000;
/** The service may need a moment to read its first record. */
const RECORD_RETRY_MS = 30_000;

/**
 * Creates a function that shows the history again whenever the answer has changed.
 *
 * @param {(history: History, content: AnswerContent) => void} show
 */
export function createHistoryUpdater(show) {
  const gate = new RevisionGate();
  /** @type {AnswerContent | undefined} */
  let wanted;
  /** @type {string | undefined} */
  let wantedKey;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {AnswerContent} content */
  async function update(content) {
    clearTimeout(timer);
    const requestedAt = performance.now();
    const fetched = await fetchHistory();
    if (content !== wanted) return;
    const { body, revision = content.revision ?? 0 } = fetched ?? {};
    const isShown = body !== undefined && gate.admit(revision, requestedAt, performance.now());
    if (isShown) runEach(() => show(body, content));
    if (isShown && revision >= (content.revision ?? 0)) return;
    timer = setTimeout(() => update(content), HISTORY_RETRY_MS);
  }

  return (/** @type {AnswerContent} */ content) => {
    const key = JSON.stringify(content);
    if (key === wantedKey) return;
    [wanted, wantedKey] = [content, key];
    update(content);
  };
}

/**
 * Creates a function that renews the track record every few minutes.
 *
 * @param {(record: TrackRecord) => void} show
 */
export function createRecordUpdater(show) {
  const gate = new RevisionGate();
  let pauseMs = RECORD_RETRY_MS;
  let askedAt = -Infinity;

  return async () => {
    const requestedAt = performance.now();
    if (requestedAt - askedAt < pauseMs) return;
    askedAt = requestedAt;
    const fetched = await fetchTrackRecord();
    pauseMs = fetched === undefined ? RECORD_RETRY_MS : RECORD_ASK_MS;
    if (fetched === undefined) return;
    const { body } = fetched;
    // A record has no revision, but its end moves on.
    if (gate.admit(Date.parse(body.to), requestedAt, performance.now())) runEach(() => show(body));
  };
}
