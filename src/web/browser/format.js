// @ts-check

// The page speaks English everywhere; only the time zone is the reader's.
const LOCALE = "en-US";

const USD = /** @type {const} */ ({ style: "currency", currency: "USD" });
const THREE_DIGITS = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
const SIGNED = /** @type {const} */ ({ signDisplay: "exceptZero" });

/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const UNITS_SECONDS = [["year", 31_557_600], ["day", 86_400], ["hour", 3_600], ["minute", 60]];

const PRICE = new Intl.NumberFormat(LOCALE, USD);
const PRICE_CHANGE = new Intl.NumberFormat(LOCALE, { ...USD, ...SIGNED });
const SENTIMENT = new Intl.NumberFormat(LOCALE, { ...THREE_DIGITS, ...SIGNED });
const AGE = new Intl.RelativeTimeFormat(LOCALE);

/**
 * @param {number} price in US dollars
 * @returns {string}
 */
export function formatPrice(price) {
  return PRICE.format(price);
}

/**
 * @param {number} change in US dollars
 * @returns {string}
 */
export function formatPriceChange(change) {
  return withMinus(PRICE_CHANGE.format(change));
}

/**
 * @param {number} sentiment −1…1, or the difference of two
 * @returns {string}
 */
export function formatSentiment(sentiment) {
  return withMinus(SENTIMENT.format(sentiment));
}

/**
 * @param {string | number} time
 * @param {string} timeZone
 * @returns {string} the time of the day, as `17:30`
 */
export function formatTime(time, timeZone) {
  return new Intl.DateTimeFormat(LOCALE, {
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone },
  }).format(new Date(time));
}

/**
 * @param {string} from
 * @param {string} to
 * @param {string} timeZone
 * @returns {string} the day, or the days when they differ
 */
export function formatDays(from, to, timeZone) {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: "long", timeZone })
    .formatRange(new Date(from), new Date(to));
}

/**
 * @param {string} time
 * @param {string} timeZone
 * @returns {string} how the time zone is called at that time
 */
export function formatZone(time, timeZone) {
  const parts = new Intl.DateTimeFormat(LOCALE, { timeZone, timeZoneName: "short" })
    .formatToParts(new Date(time));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/**
 * @param {number} seconds
 * @returns {string} as `12 seconds ago`
 */
export function formatAge(seconds) {
  const age = Math.floor(seconds);
  if (age < 2) return "Just now";
  const [unit, length] = UNITS_SECONDS.find(([, length]) => age >= 2 * length) ?? ["second", 1];
  return AGE.format(-Math.floor(age / length), unit);
}

/**
 * @param {string} number
 * @returns {string}
 */
function withMinus(number) {
  return number.replace("-", "−");
}
