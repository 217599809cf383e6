// @ts-check
import { HOUR_MS } from "./format.js";
import { html } from "./html.js";

/** @import { HourlyAverage } from "../../summary/wire.ts" */
/** @import { Content, RenderContext } from "../view.ts" */

const JUST_NOW_SECONDS = 2;

/**
 * Renders the hourly figures, without a change if there is one hour only.
 *
 * @param {Content} content
 * @param {RenderContext} context
 */
export function renderHours(content, context) {
  if ("trouble" in content) return html``;
  const hours = content.answer.hourly_average_of_averages;
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const { formats, words: { hours: words, sentiment } } = context;
  return html`
    <table>
      <caption>${words.when(formats.days(first.time, last.time), formats.zone(last.time))}</caption>
      <thead>
        <tr>
          <th scope="col">${words.hour}</th>
          <th scope="col">${words.price}</th>
          <th scope="col">${sentiment}</th>
        </tr>
      </thead>
      <tbody>${hours.map((hour) => renderHour(hour, context))}</tbody>
      ${hours.length > 1 && renderChange(first, last, context)}
    </table>
  `;
}

/**
 * @param {HourlyAverage} hour
 * @param {RenderContext} context
 */
function renderHour({ time, price, sentiment }, { formats, words, now }) {
  const isOpen = now !== undefined && now < Date.parse(time) + HOUR_MS;
  return html`
    <tr>
      <th scope="row">
        <time datetime="${time}">${formats.time(time)}</time>
        ${isOpen && html`<small>${words.hours.soFar}</small>`}
      </th>
      <td>${formats.price(price)}</td>
      <td>${formats.sentiment(sentiment)}</td>
    </tr>
  `;
}

/**
 * @param {HourlyAverage} first
 * @param {HourlyAverage} last
 * @param {RenderContext} context
 */
function renderChange(first, last, { formats, words }) {
  return html`
    <tfoot>
      <tr>
        <th scope="row">${words.hours.change}</th>
        <td>${formats.priceChange(first.price, last.price)}</td>
        <td>${formats.sentimentChange(first.sentiment, last.sentiment)}</td>
      </tr>
    </tfoot>
  `;
}

/**
 * Renders the time of the newest data, and its age where a clock is known.
 *
 * @param {Content} content
 * @param {RenderContext} context
 */
export function renderAge(content, { formats, now, words: { about } }) {
  if ("trouble" in content) return html`<p class="fact">${about.unknown}</p>`;
  const { as_of, stale } = content.answer;
  const when = about.when(formats.days(as_of, as_of), formats.time(as_of), formats.zone(as_of));
  const age = now === undefined ? undefined : describeAge((now - Date.parse(as_of)) / 1_000);
  return html`
    <p class="fact">
      <time datetime="${as_of}">${age ?? when}</time>
      ${stale && html`<b class="tag">${about.stale}</b>`}
    </p>
    ${age !== undefined && html`<p>${when}</p>`}
  `;

  /** @param {number} seconds */
  function describeAge(seconds) {
    return seconds < JUST_NOW_SECONDS ? about.justNow : formats.age(seconds);
  }
}
