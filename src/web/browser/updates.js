// @ts-check
import { runEach } from "./dom.js";
import { endWith, SPANS } from "./history.js";
import { RevisionGate } from "./revision_gate.js";
import { fetchHistory, fetchTrackRecord } from "./service.js";

/** @import { History } from "../../history/wire.ts" */
/** @import { TrackRecord } from "../../track_record/wire.ts" */
/** @import { AnswerContent } from "../view.ts" */
/** @import { ChartSpan } from "./history.js" */

/** @typedef {{ readonly content: AnswerContent, readonly span: ChartSpan }} WantedHistory */

/** What is newest is its end, whatever the span. */
const [FINEST] = SPANS;
/** Another instance may need five seconds to have the history that belongs to an answer. */
const HISTORY_RETRY_MS = 5_000;
/** A record grows every hour, and whenever a backfill loads older hours. */
const RECORD_ASK_MS = 300_000;
/** The service may need a moment to read its first record. */
const RECORD_RETRY_MS = 30_000;

/**
 * Creates a function that shows the history again whenever the answer or the span has changed.
 *
 * @param {(history: History, wanted: WantedHistory) => void} show
 */
export function createHistoryUpdater(show) {
  const gate = new RevisionGate();
  /** @type {WantedHistory | undefined} */
  let wanted;
  /** @type {string | undefined} */
  let wantedKey;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {WantedHistory} request */
  async function update(request) {
    clearTimeout(timer);
    const requestedAt = performance.now();
    const { span, content: { revision: least = 0 } } = request;
    const fine = fetchHistory(FINEST);
    const all = await Promise.all([span === FINEST ? fine : fetchHistory(span), fine]);
    if (request !== wanted) return;
    const [fetched, finest] = all;
    const revision = Math.min(...all.map((each) => each?.revision ?? least));
    const isShown = fetched && finest && gate.admit(revision, requestedAt, performance.now());
    if (isShown) runEach(() => show(endWith(fetched.body, finest.body), request));
    if (isShown && revision >= least) return;
    timer = setTimeout(() => update(request), HISTORY_RETRY_MS);
  }

  return (/** @type {WantedHistory} */ request) => {
    const key = JSON.stringify(request);
    if (key === wantedKey) return;
    [wanted, wantedKey] = [request, key];
    update(request);
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
