// @ts-check
/// <reference lib="dom" />
import { renderAnswer, stateOf, THEME_COLORS, titleOf } from "./answer.js";
import { Chart } from "./chart.js";
import { find, put, putTitle, readPage, runEach } from "./dom.js";
import { renderAge, renderHours } from "./figures.js";
import { follow } from "./live.js";
import { renderRecord, renderRecordDays } from "./record.js";
import { createHistoryUpdater, createRecordUpdater } from "./updates.js";

/** @import { Content, RenderContext } from "../view.ts" */
/** @import { State, Words } from "../words.ts" */

const TICK_MS = 1_000;

/**
 * Keeps the page up to date.
 *
 * @param {Words} words of the page's language
 */
export function startPage(words) {
  /** @type {number | undefined} how far the service's clock is ahead of the reader's */
  let aheadMs;
  const readNow = () => aheadMs === undefined ? undefined : Date.now() + aheadMs;
  const { context, revision } = readPage(words, readNow);
  /** @type {Content | undefined} */
  let content;
  let isLive = false;

  function paint() {
    if (content !== undefined) paintContent(content, isLive, context);
  }

  const chart = new Chart(context);
  const updateChart = createHistoryUpdater((history, { answer }) =>
    chart.show(history, answer.hourly_average_of_averages)
  );
  const updateRecord = createRecordUpdater((record) => {
    put("record", renderRecord(record, context));
    put("record-days", renderRecordDays(record, context));
  });

  runEach(showSnippet);
  follow({
    revision,
    onContent(received) {
      content = received;
      paint();
      if (!("answer" in received)) return;
      updateChart(received);
      updateRecord();
    },
    onConnection(connected) {
      isLive = connected;
      paint();
    },
    onTime(time) {
      aheadMs = time - Date.now();
    },
  });
  setInterval(paint, TICK_MS);
}

/**
 * @param {Content} content
 * @param {boolean} isLive
 * @param {RenderContext} context
 */
function paintContent(content, isLive, context) {
  const state = stateOf(content);
  runEach(
    () => putTitle(titleOf(content, context)),
    () => document.body.dataset.state = state,
    () => paintFrame(state),
    () => put("answer", renderAnswer(content, context)),
    () => put("hours", renderHours(content, context)),
    () => put("age", renderAge(content, context)),
    () => put("updates", describeUpdates(content, isLive, context.words)),
  );
}

/**
 * Gives the browser's own frame the colour of the stage.
 *
 * @param {State} state
 */
function paintFrame(state) {
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    const scheme = meta.matches("[media*=dark]") ? "dark" : "light";
    meta.setAttribute("content", THEME_COLORS[state][scheme]);
  }
}

/**
 * @param {Content} content
 * @param {boolean} isLive
 * @param {Words} words
 */
function describeUpdates(content, isLive, { updates }) {
  if ("trouble" in content) return updates.retrying;
  return isLive ? updates.live : updates.connecting;
}

/** Makes the address in the code for other sites absolute: only the browser knows where the page is. */
function showSnippet() {
  const snippet = find("#snippet");
  snippet.textContent = snippet.textContent.replace(
    / src="([^"]*)"/,
    (_, url) => ` src="${new URL(url, document.baseURI)}"`,
  );
}
