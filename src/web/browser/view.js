// @ts-check
// What the page says. The server answers with it and the browser keeps it up to date with it, so
// that both always say the same; hence plain JavaScript, without a build.

import {
  formatAge,
  formatDays,
  formatPrice,
  formatPriceChange,
  formatSentiment,
  formatTime,
  formatZone,
} from "./format.js";
import { html } from "./html.js";

/** @import { Answer, Direction, HourlyAverage } from "../../core/summary.ts" */
/** @import { Content } from "../page_view.ts" */

const HOUR_MS = 3_600_000;

const WORDS = {
  "lit": {
    ...{ word: "Yes", rest: "it’s lit." },
    because: "It takes both to rise, and both do.",
  },
  "unlit": {
    ...{ word: "No", rest: "it’s not lit." },
    because: "It takes both to rise.",
  },
  "single-hour": {
    ...{ word: "No", rest: "it’s not lit." },
    because: "There is only one hour of data, and nothing to compare it with yet.",
  },
  "stale": {
    ...{ word: "Can’t say", rest: "the data is old." },
    because: "We can’t say it’s lit now. When the data was new:",
  },
  "no-data": {
    ...{ word: "Not yet", rest: "there is no data so far." },
    because: "Just wait: this page looks again by itself.",
  },
  "store-unavailable": {
    ...{ word: "Hold on", rest: "the records are out of reach." },
    because: "Just wait: this page tries again by itself.",
  },
  "unreachable": {
    ...{ word: "Hold on", rest: "the service is out of reach." },
    because: "Just wait: this page tries again by itself.",
  },
};

const ARROWS = {
  rising: "M3 13 13 3M5 3h8v8",
  falling: "M3 3l10 10M13 5v8H5",
  flat: "M1 8h14M9 2l6 6-6 6",
};

/**
 * Names the state that the page is in.
 *
 * @param {Content} content
 * @returns {keyof typeof WORDS}
 */
export function stateOf(content) {
  if ("trouble" in content) return content.trouble;
  const { answer } = content;
  if (answer.stale) return "stale";
  if (answer.lit) return "lit";
  return answer.hourly_average_of_averages.length === 1 ? "single-hour" : "unlit";
}

/**
 * @param {Content} content
 * @returns {string}
 */
export function renderTitle(content) {
  return `${WORDS[stateOf(content)].word} · Is Bitcoin lit?`;
}

/**
 * Renders the answer. It is read aloud whenever it changes, so it holds no number and no time.
 *
 * @param {Content} content
 */
export function renderAnswer(content) {
  const { word, rest, because } = WORDS[stateOf(content)];
  return html`<p class="answer"><strong>${word}</strong> ${rest}</p>
<p class="because">${because}</p>
${"answer" in content && renderDirections(content.answer)}`;
}

/** @param {Answer} answer */
function renderDirections({ price_direction, sentiment_direction }) {
  return html`
    <ul class="directions">
      ${renderDirection("Price", price_direction)} ${renderDirection(
        "Sentiment",
        sentiment_direction,
      )}
    </ul>
  `;
}

/**
 * @param {string} name
 * @param {Direction} direction
 */
function renderDirection(name, direction) {
  return html`
    <li>
      <svg class="arrow" viewBox="0 0 16 16" aria-hidden="true"><path d="${ARROWS[
        direction
      ]}" /></svg>
      ${name} <b>${direction}</b>
    </li>
  `;
}

/**
 * Renders the hourly figures.
 *
 * @param {Content} content
 * @param {number} now in Unix milliseconds
 * @param {string} timeZone
 */
export function renderHours(content, now, timeZone) {
  if ("trouble" in content) return html``;
  const hours = content.answer.hourly_average_of_averages;
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const days = formatDays(first.time, last.time, timeZone);
  return html`
    <table>
      <caption>${days}, ${formatZone(last.time, timeZone)}</caption>
      <thead>
        <tr>
          <th scope="col">Hour</th>
          <th scope="col">Price, USD</th>
          <th scope="col">Sentiment</th>
        </tr>
      </thead>
      <tbody>${hours.map((hour) => renderHour(hour, now, timeZone))}</tbody>
      <tfoot>
        <tr>
          <th scope="row">Change</th>
          <td>${formatPriceChange(last.price - first.price)}</td>
          <td>${formatSentiment(last.sentiment - first.sentiment)}</td>
        </tr>
      </tfoot>
    </table>
  `;
}

/**
 * @param {HourlyAverage} hour
 * @param {number} now
 * @param {string} timeZone
 */
function renderHour({ time, price, sentiment }, now, timeZone) {
  const soFar = now < Date.parse(time) + HOUR_MS && html`<small>so far</small>`;
  return html`
    <tr>
      <th scope="row"><time datetime="${time}">${formatTime(time, timeZone)}</time> ${soFar}</th>
      <td>${formatPrice(price)}</td>
      <td>${formatSentiment(sentiment)}</td>
    </tr>
  `;
}

/**
 * Renders how old the data is.
 *
 * @param {Content} content
 * @param {number} now in Unix milliseconds
 * @param {string} timeZone
 */
export function renderAge(content, now, timeZone) {
  if ("trouble" in content) return html`<p class="fact">Unknown for now</p>`;
  const { as_of, stale } = content.answer;
  const age = formatAge((now - Date.parse(as_of)) / 1_000);
  const day = formatDays(as_of, as_of, timeZone);
  return html`
    <p class="fact"><time datetime="${as_of}">${age}</time> ${stale &&
      html`<b class="tag">stale</b>`}</p>
    <p>${day}, ${formatTime(as_of, timeZone)} ${formatZone(as_of, timeZone)}</p>
  `;
}
