// @ts-check
/// <reference lib="dom" />
import { Chart } from "./chart.js";
import { follow } from "./live.js";
import { renderAge, renderAnswer, renderHours, renderTitle, stateOf } from "./view.js";

/** @import { Content } from "../page_view.ts" */

const TICK_MS = 1_000;
const HISTORY_URL = "/history?hours=24&bucket=15m";

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
// The service's clock counts, not the reader's.
const aheadMs = Number(document.body.dataset.now) - Date.now();
const chart = new Chart(timeZone);
/** @type {Content | undefined} */
let content;
/** @type {string | undefined} */
let charted;

follow({
  onContent(given) {
    content = given;
    paint();
    drawChart();
  },
  onConnection(connected) {
    put("updates", connected ? "Live: this page keeps itself up to date." : "Connecting again …");
  },
});
setInterval(paint, TICK_MS);

function now() {
  return Date.now() + aheadMs;
}

function paint() {
  if (content === undefined) return;
  document.title = renderTitle(content);
  document.body.dataset.state = stateOf(content);
  put("answer", renderAnswer(content));
  put("hours", renderHours(content, now(), timeZone));
  put("age", renderAge(content, now(), timeZone));
}

/**
 * Changes only what differs: a screen reader must not hear the same again.
 *
 * @param {string} id
 * @param {{ toString(): string }} markup
 */
function put(id, markup) {
  const element = document.getElementById(id);
  const template = document.createElement("template");
  template.innerHTML = String(markup);
  if (element === null || element.innerHTML === template.innerHTML) return;
  element.replaceChildren(template.content);
}

async function drawChart() {
  if (content === undefined || "trouble" in content) return;
  const { as_of, hourly_average_of_averages: hours } = content.answer;
  if (charted === as_of) return;
  charted = as_of;
  try {
    const response = await fetch(HISTORY_URL, { cache: "no-cache" });
    if (!response.ok) throw new Error(`Cannot read the history: it answered ${response.status}`);
    chart.show(await response.json(), hours);
  } catch {
    charted = undefined; // The next look draws it.
  }
}
