// @ts-check
/// <reference lib="dom" />
import { RevisionGate } from "./revision_gate.js";
import { fetchHistory } from "./service.js";

/** @import { AnswerContent } from "../view.ts" */
/** @import { Chart } from "./chart.js" */

/** Another instance may need five seconds to have the history that belongs to an answer. */
const HISTORY_RETRY_MS = 5_000;

/**
 * Creates a function that draws the chart again whenever the answer has changed.
 *
 * @param {Chart} chart
 */
export function createChartUpdater(chart) {
  const gate = new RevisionGate();
  /** @type {AnswerContent | undefined} */
  let wanted;
  /** @type {string | undefined} */
  let drawn;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function update() {
    clearTimeout(timer);
    if (wanted === undefined) return;
    const { answer, revision = 0 } = wanted;
    const key = JSON.stringify(wanted);
    if (drawn === key) return;
    drawn = key;
    const requestedAt = performance.now();
    try {
      const fetched = await fetchHistory();
      if (gate.admit(fetched.revision, requestedAt, performance.now())) {
        chart.show(fetched.history, answer.hourly_average_of_averages);
      }
      if ((fetched.revision ?? revision) >= revision) return;
    } catch {
      // The service is busy or away: ask again below.
    }
    if (drawn === key) drawn = undefined;
    timer = setTimeout(update, HISTORY_RETRY_MS);
  }

  return (/** @type {AnswerContent} */ content) => {
    wanted = content;
    update();
  };
}
