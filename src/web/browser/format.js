// @ts-check

/** One hour, in milliseconds. */
export const HOUR_MS = 3_600_000;

const USD = /** @type {const} */ ({ style: "currency", currency: "USD" });
const THREE_DIGITS = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
const SIGNED = /** @type {const} */ ({ signDisplay: "exceptZero" });
const CLOCK = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const CENTS_PER_DOLLAR = 100;
const STEPS_PER_SENTIMENT = 1_000;

/** From here on, cents say no more. */
const WHOLE_DOLLARS = 10;

/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const UNITS_SECONDS = [["year", 31_557_600], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

/**
 * @typedef {object} Formats
 * @property {(price: number) => string} price in US dollars
 * @property {(sentiment: number) => string} sentiment −1…1
 * @property {(first: number, last: number) => string} priceChange of two prices as they are shown
 * @property {(first: number, last: number) => string} sentimentChange of two sentiments as they are shown
 * @property {(price: number) => string} priceShort in whole US dollars
 * @property {(dollars: number) => string} priceLabel of a chart's axis
 * @property {(sentiment: number) => string} sentimentLabel of a chart's axis
 * @property {(time: string | number) => string} time of the day, such as `17:30`
 * @property {(from: string, to: string) => string} days the day, or both if they differ
 * @property {(time: string) => string} zone the name of the time zone at that time
 * @property {(ms: number) => string} duration such as `3 hours`, rounded down
 * @property {(first: number, last: number) => string} priceAmount by how much they differ, without a sign
 * @property {(first: number, last: number) => string} sentimentAmount the same of sentiments
 * @property {(seconds: number) => string} age such as `12 seconds ago`; from two seconds on
 * @property {(share: number) => string} share 0…1, in percent
 * @property {(share: number) => string} fee 0…1, in percent with its decimals
 * @property {(time: number) => string} date such as `July 7, 2021`
 * @property {(time: number) => string} dayOfYear such as `Jul 7`
 * @property {(time: number) => string} dayTime such as `Jul 7, 17:30`
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
  const sentimentAmount = createNumberFormat(locale, THREE_DIGITS);
  const time = new Intl.DateTimeFormat(locale, { ...CLOCK, timeZone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone });
  const zone = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "short" });
  const share = new Intl.NumberFormat(locale, { style: "percent" });
  const dayOfYear = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone });
  const dayTime = new Intl.DateTimeFormat(locale, {
    month: "short",
    day: "numeric",
    ...CLOCK,
    timeZone,
  });
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
    priceShort: createNumberFormat(locale, { ...USD, maximumFractionDigits: 0 }),
    priceLabel: createNumberFormat(locale, { maximumFractionDigits: 2 }),
    sentimentLabel: createNumberFormat(locale, SIGNED),
    priceAmount: createPriceAmountFormat(locale),
    sentimentAmount: (first, last) =>
      sentimentAmount(Math.abs(subtractShown(first, last, STEPS_PER_SENTIMENT))),
    time: (at) => time.format(new Date(at)),
    days: (from, to) => formatDays(day, new Date(from), new Date(to)),
    duration: createDurationFormat(locale),
    zone: (at) => findZoneName(zone.formatToParts(new Date(at))) ?? timeZone,
    age: createAgeFormat(locale),
    share: (value) => share.format(value),
    fee: createNumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }),
    date: (at) => day.format(at),
    dayOfYear: (at) => dayOfYear.format(at),
    dayTime: (at) => dayTime.format(at),
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
function createPriceAmountFormat(locale) {
  const whole = createNumberFormat(locale, { ...USD, maximumFractionDigits: 0 });
  const exact = createNumberFormat(locale, USD);
  return (/** @type {number} */ first, /** @type {number} */ last) => {
    const amount = Math.abs(subtractShown(first, last, CENTS_PER_DOLLAR));
    return amount < WHOLE_DOLLARS ? exact(amount) : whole(amount);
  };
}

/** @param {string} locale */
function createDurationFormat(locale) {
  return (/** @type {number} */ ms) => {
    const [unit, length] =
      UNITS_SECONDS.find(([unit, length]) => ms >= 1_000 * length * (unit === "hour" ? 1 : 2)) ??
        ["minute", 60];
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" });
    return spaceNumber(format.format(Math.max(1, Math.floor(ms / 1_000 / length))));
  };
}

/**
 * Formats one day or two. For two, `Intl` has another form in Chinese, so what both share is left out here.
 *
 * @param {Intl.DateTimeFormat} format
 * @param {Date} from
 * @param {Date} to
 */
function formatDays(format, from, to) {
  if (!format.resolvedOptions().locale.startsWith("zh")) return format.formatRange(from, to);
  const first = format.formatToParts(from);
  const last = format.formatToParts(to);
  const shared = first.findIndex(({ value }, i) => value !== last[i]?.value);
  if (shared === -1) return format.format(from);
  return `${format.format(from)}—${last.slice(shared).map(({ value }) => value).join("")}`;
}

/** @param {string} locale */
function createAgeFormat(locale) {
  const format = new Intl.RelativeTimeFormat(locale);
  return (/** @type {number} */ seconds) => {
    const [unit, length] =
      UNITS_SECONDS.find(([unit, length]) => seconds >= length * (unit === "hour" ? 1.5 : 2)) ??
        ["second", 1];
    // Of one hour and a half on it says 2 hours: 104 minutes are too hard to picture.
    const count = unit === "hour" ? Math.max(2, Math.floor(seconds / length)) : seconds / length;
    return spaceNumber(format.format(-Math.floor(count), unit));
  };
}

/**
 * Sets a number apart from Chinese, as all other texts of the page do; `Intl` does not.
 *
 * @param {string} text
 */
function spaceNumber(text) {
  return text.replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
}

/** @param {Intl.DateTimeFormatPart[]} parts */
function findZoneName(parts) {
  return parts.find(({ type }) => type === "timeZoneName")?.value;
}
