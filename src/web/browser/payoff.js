// @ts-check
import { HOUR_MS } from "./format.js";
import { html } from "./html.js";

/** @import { Payoff, TrackRecord } from "../../track_record/wire.ts" */
/** @import { RenderContext } from "../view.ts" */
/** @import { Plot } from "./plot.js" */

/** What is held at the start, in US dollars. */
const STAKE = 100;
const CENTS_PER_DOLLAR = 100;
const WHOLE = { bottom: 0, top: 1 };

/**
 * Renders whether holding only while lit paid: a verdict, two figures, and what they are made of.
 *
 * @param {TrackRecord | undefined} record
 * @param {Pick<RenderContext, "words" | "formats">} context
 */
export function renderPayoff(record, context) {
  const { payoff: words } = context.words;
  if (record?.payoff == null) return html`<p>${words.none}</p>`;
  const { hold, litOnly } = describeAmounts(record.payoff, context);
  return html`
    <p class="verdict">${describeVerdict(record.payoff, context)}</p>
    <dl class="figures">
      <div>
        <dt><i></i>${words.hold}</dt>
        <dd>${hold}</dd>
      </div>
      <div>
        <dt><i class="second"></i>${words.litOnly}</dt>
        <dd>${litOnly}</dd>
      </div>
    </dl>
    <p class="finding">${describePayoff(record.payoff, context)}</p>
  `;
}

/**
 * @param {Payoff} payoff
 * @param {Pick<RenderContext, "words" | "formats">} context
 */
function describeVerdict(payoff, { words, formats }) {
  const { hold, lit_only } = payoff;
  const difference = toCents(lit_only) - toCents(hold);
  const amount = formats.price(Math.abs(difference) / CENTS_PER_DOLLAR);
  const isDueToFees = toCents(withoutFees(payoff)) >= toCents(hold);
  return words.payoff.verdict(Math.sign(difference), amount, isDueToFees);
}

/**
 * Holding only while lit multiplies by 1 − fee at each switch.
 *
 * @param {Payoff} payoff
 */
function withoutFees({ lit_only, switches, fee_percent }) {
  return lit_only / (1 - fee_percent / 100) ** switches;
}

/**
 * Describes the hours that have prices, and what holding took in them.
 *
 * @param {Payoff} payoff
 * @param {Pick<RenderContext, "words" | "formats">} context
 */
function describePayoff(payoff, { words, formats }) {
  const { curve, switches, fee_percent } = payoff;
  const times = curve.map(({ time }) => Date.parse(time));
  const result = words.payoff.result({
    duration: formats.duration(Math.max(...times) - Math.min(...times) + HOUR_MS),
    stake: formats.priceShort(STAKE),
    switches,
    fee: formats.fee(fee_percent / 100),
  });
  const fees = words.payoff.withoutFees(formats.price(STAKE * withoutFees(payoff)));
  return [result, ...switches > 0 ? [fees] : [], words.payoff.caveat].join(words.record.space);
}

/**
 * @param {Payoff} payoff
 * @param {Pick<RenderContext, "formats">} context
 */
function describeAmounts({ hold, lit_only }, { formats }) {
  return { hold: formats.price(STAKE * hold), litOnly: formats.price(STAKE * lit_only) };
}

/** @param {number} value of 1 at the start */
function toCents(value) {
  return Math.round(STAKE * CENTS_PER_DOLLAR * value);
}

/**
 * Lays out both curves for a chart.
 *
 * @param {Payoff} payoff
 * @param {Pick<RenderContext, "words" | "formats">} context
 * @returns {Plot}
 */
export function createPayoffPlot({ curve }, { words, formats }) {
  const held = curve.map(({ hold }) => STAKE * hold);
  const litOnly = curve.map(({ lit_only }) => STAKE * lit_only);
  const axis = {
    part: WHOLE,
    scaled: [...held, ...litOnly],
    label: formats.priceLabel,
    end: formats.price,
  };
  const times = curve.map(({ time }) => Date.parse(time) / 1_000);
  return {
    times,
    metrics: [{ ...axis, name: "hold", values: held }, {
      ...axis,
      name: "lit-only",
      values: litOnly,
      sharesAxis: true,
    }],
    maxGapSeconds: Infinity,
    describe(i) {
      const at = (times[i] ?? 0) * 1_000;
      return words.payoff.point(
        formats.dayTime(at),
        formats.price(held[i] ?? 0),
        formats.price(litOnly[i] ?? 0),
      );
    },
  };
}
