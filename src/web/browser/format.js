// @ts-check

/** One hour, in milliseconds. */
export const HOUR_MS = 3_600_000;

const USD = /** @type {const} */ ({ style: "currency", currency: "USD" });
const THREE_DIGITS = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
const SIGNED = /** @type {const} */ ({ signDisplay: "exceptZero" });
const CLOCK = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const CENTS_PER_DOLLAR = 100;
const STEPS_PER_SENTIMENT = 1_000;

/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const UNITS_SECONDS = [["year", 31_557_600], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/**
 * @typedef {object} Formats
 * @property {(price: number) => string} price in US dollars
 * @property {(sentiment: number) => string} sentiment −1…1
 * @property {(first: number, last: number) => string} priceChange of two prices as they are shown
 * @property {(first: number, last: number) => string} sentimentChange of two sentiments as they are shown
 * @property {(dollars: number) => string} priceLabel of a chart's axis
 * @property {(sentiment: number) => string} sentimentLabel of a chart's axis
 * @property {(time: string | number) => string} time of the day, such as `17:30`
 * @property {(from: string, to: string) => string} days the day, or both if they differ
 * @property {(time: string) => string} zone the name of the time zone at that time
 * @property {(seconds: number) => string} age such as `12 seconds ago`; from two seconds on
 * @property {(share: number) => string} share 0…1, in percent
 * @property {(time: number) => string} dayOfYear such as `Jul 7`
 * @property {(time: string | number) => string} moment day, year, time and time zone
 */

/**
 * Creates the formats of a locale for readers in a time zone.
 *
 * @param {string} locale
 * @param {string} timeZone
 * @returns {Formats}
 */
export function createFormats(locale, timeZone) {
  const price = createNumberFormat(locale, USD);
  const signedPrice = createNumberFormat(locale, { ...USD, ...SIGNED });
  const sentiment = createNumberFormat(locale, { ...THREE_DIGITS, ...SIGNED });
  const time = new Intl.DateTimeFormat(locale, { ...CLOCK, timeZone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone });
  const zone = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" });
  const share = new Intl.NumberFormat(locale, { style: "percent" });
  const dayOfYear = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone });
  const moment = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "long",
    day: "numeric",
    ...CLOCK,
    timeZone,
    timeZoneName: "short",
  });
  return {
    price,
    sentiment,
    priceChange: (first, last) => signedPrice(subtractShown(first, last, CENTS_PER_DOLLAR)),
    sentimentChange: (first, last) => sentiment(subtractShown(first, last, STEPS_PER_SENTIMENT)),
    priceLabel: createNumberFormat(locale, { maximumFractionDigits: 2 }),
    sentimentLabel: createNumberFormat(locale, SIGNED),
    time: (at) => time.format(new Date(at)),
    days: (from, to) => day.formatRange(new Date(from), new Date(to)),
    zone: (at) => findZoneName(zone.formatToParts(new Date(at))) ?? timeZone,
    age: createAgeFormat(locale),
    share: (value) => share.format(value),
    dayOfYear: (at) => dayOfYear.format(at),
    moment: (at) => moment.format(new Date(at)),
  };
}

/**
 * @param {string} locale
 * @param {Intl.NumberFormatOptions} options
 */
function createNumberFormat(locale, options) {
  const format = new Intl.NumberFormat(locale, options);
  return (/** @type {number} */ number) => format.format(number).replace("-", "−");
}

/**
 * Subtracts what readers see, so that a shown change is the difference of the shown figures.
 *
 * @param {number} first
 * @param {number} last
 * @param {number} steps per unit
 */
function subtractShown(first, last, steps) {
  return (Math.round(last * steps) - Math.round(first * steps)) / steps;
}

/** @param {string} locale */
function createAgeFormat(locale) {
  const format = new Intl.RelativeTimeFormat(locale);
  return (/** @type {number} */ seconds) => {
    const [unit, length] = UNITS_SECONDS.find(([, length]) => seconds >= 2 * length) ??
      ["second", 1];
    return format.format(-Math.floor(seconds / length), unit);
  };
}

/** @param {Intl.DateTimeFormatPart[]} parts */
function findZoneName(parts) {
  return parts.find(({ type }) => type === "timeZoneName")?.value;
}
