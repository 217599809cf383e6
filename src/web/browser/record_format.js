// @ts-check
import { CLOCK } from "./format.js";

/**
 * @typedef {object} RecordFormats
 * @property {(share: number) => string} share 0…1, in percent
 * @property {(time: number) => string} day such as `Jul 7`
 * @property {(time: number) => string} time of the day, such as `17:00`
 * @property {(time: number) => string} moment day, year, time and time zone
 */

/**
 * Creates the formats of the track record; times are in Unix milliseconds.
 *
 * @param {string} locale
 * @param {string} timeZone
 * @returns {RecordFormats}
 */
export function createRecordFormats(locale, timeZone) {
  const share = new Intl.NumberFormat(locale, { style: "percent" });
  const day = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric", timeZone });
  const time = new Intl.DateTimeFormat(locale, { ...CLOCK, timeZone });
  const moment = new Intl.DateTimeFormat(locale, {
    year: "numeric",
    month: "long",
    day: "numeric",
    ...CLOCK,
    timeZone,
    timeZoneName: "short",
  });
  return {
    share: (value) => share.format(value),
    day: (at) => day.format(at),
    time: (at) => time.format(at),
    moment: (at) => moment.format(at),
  };
}
