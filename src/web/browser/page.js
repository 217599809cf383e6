// @ts-check
/// <reference lib="dom" />
import { renderAnswer, renderReason, stateOf, THEME_COLORS, titleOf } from "./answer.js";
import { Chart } from "./chart.js";
import { find, paintState, put, putTitle, readPage, runEach } from "./dom.js";
import { renderAge, renderHours } from "./figures.js";
import { follow } from "./live.js";
import { createHistoryPlot, describeHistory } from "./history.js";
import { createPayoffPlot, renderPayoff } from "./payoff.js";
import { renderMonth, renderRecord, renderRecordDays } from "./record.js";
import { followSpan } from "./span.js";
import { createHistoryUpdater, createRecordUpdater } from "./updates.js";
import { startUse } from "./use.js";

/** @import { Content, RenderContext } from "../view.ts" */
/** @import { State, Words } from "../words.ts" */
/** @import { RecordEnd } from "./since.js" */

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
  let record = readRecordEnd();
  let isLive = false;

  function paint() {
    if (content !== undefined) paintContent({ content, record, isLive }, context);
  }

  const chart = new Chart("chart", context);
  const payoffChart = new Chart("payoff-chart", context);
  const showHistory = createHistoryUpdater((history, { content: { answer }, span }) => {
    const text = describeHistory(history, answer, context);
    const plot = text && createHistoryPlot(history, { span, answer }, context);
    chart.show(plot || undefined, text ?? words.chart.empty);
  });
  const updateChart = () => {
    if (content !== undefined && "answer" in content) showHistory({ content, span });
  };
  let span = followSpan((chosen) => {
    span = chosen;
    updateChart();
  });
  const updateRecord = createRecordUpdater((received) => {
    record = received;
    runEach(
      paint,
      () => put("record", renderRecord(received, context)),
      () => put("record-days", renderRecordDays(received, context)),
      () => put("month", renderMonth(received, context)),
      () => put("payoff", renderPayoff(received, context)),
      () =>
        payoffChart.show(
          received.payoff ? createPayoffPlot(received.payoff, context) : undefined,
          "",
        ),
    );
  });

  /** @type {(content: Content) => void} */
  let tellEmbed = () => {};
  runEach(() => tellEmbed = startUse(words.use));
  follow({
    revision,
    onContent(received) {
      content = received;
      paint();
      tellEmbed(received);
      if (!("answer" in received)) return;
      updateChart();
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
 * Reads the end of the record that the server wrote.
 *
 * @returns {RecordEnd | undefined}
 */
function readRecordEnd() {
  const { record } = find("#reason").dataset;
  return record ? JSON.parse(record) : undefined;
}

/**
 * @param {{ content: Content, record: RecordEnd | undefined, isLive: boolean }} shown
 * @param {RenderContext} context
 */
function paintContent({ content, record, isLive }, context) {
  const state = stateOf(content);
  runEach(
    () => putTitle(titleOf(content, context, record)),
    () => paintState(state),
    () => paintFrame(state),
    () => put("answer", renderAnswer(content, context)),
    () => put("reason", renderReason(content, record, context)),
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
  if (!isLive) return updates.connecting;
  return content.answer.stale ? updates.waiting : updates.live;
}
