// @ts-check
/// <reference lib="dom" />
import { renderAnswer } from "./answer.js";
import { Chart } from "./chart.js";
import { createChartUpdater } from "./chart_updater.js";
import { put, readPage } from "./dom.js";
import { renderAge, renderHours } from "./figures.js";
import { follow } from "./live.js";
import { createRecordUpdater } from "./record_updater.js";
import { stateOf, THEME_COLORS, titleOf } from "./state.js";

/** @import { Content } from "../view.ts" */
/** @import { Words } from "../words.ts" */

const TICK_MS = 1_000;

/**
 * Keeps the page up to date.
 *
 * @param {Words} words of the page's language
 */
export function startPage(words) {
  const { context, revision, now } = readPage(words);
  const updateChart = createChartUpdater(new Chart(context));
  const updateRecord = createRecordUpdater(context, now);
  /** @type {Content | undefined} */
  let content;
  let connected = false;

  function paint() {
    if (content === undefined) return;
    document.title = titleOf(content, context);
    const state = stateOf(content);
    document.body.dataset.state = state;
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      meta.setAttribute(
        "content",
        THEME_COLORS[state][meta.matches("[media*=dark]") ? "dark" : "light"],
      );
    }
    put("answer", renderAnswer(content, context));
    put("hours", renderHours(content, now(), context));
    put("age", renderAge(content, now(), context));
    put("updates", describeUpdates(content));
  }

  /** @param {Content} shown */
  function describeUpdates(shown) {
    if ("trouble" in shown) return words.updates.retrying;
    return connected ? words.updates.live : words.updates.connecting;
  }

  follow({
    revision,
    onContent(received) {
      content = received;
      paint();
      if (!("answer" in received)) return;
      updateChart(received);
      updateRecord(received.answer);
    },
    onConnection(isConnected) {
      connected = isConnected;
      paint();
    },
  });
  setInterval(paint, TICK_MS);
}
