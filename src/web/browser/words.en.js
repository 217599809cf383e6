// @ts-check

/** @import { Words } from "../words.ts" */

const DIRECTIONS = { rising: "rising", falling: "falling", flat: "flat" };

/** @type {Words} */
export const words = {
  language: "English",
  locale: "en-US",
  question: "Is Bitcoin lit?",
  description:
    "Bitcoin is lit when its price and the sentiment about it both rise over three hours.",
  languageSwitch: "Language",
  states: {
    "lit": {
      word: "Yes",
      rest: "it’s lit.",
      because: "It takes both to rise, and both do.",
    },
    "unlit": {
      word: "No",
      rest: "it’s not lit.",
      because: "It takes both to rise.",
    },
    "single-hour": {
      word: "No",
      rest: "it’s not lit.",
      because: "There is only one hour of data so far, so there is nothing to compare it with.",
    },
    "stale": {
      word: "Can’t say",
      rest: "the data is old.",
      because: "It may be lit by now, or not. When the data was new:",
    },
    "no-data": {
      word: "Not yet",
      rest: "there is no data.",
      because: "The first data should arrive within minutes. It will appear here by itself.",
    },
    "store-unavailable": {
      word: "Hold on",
      rest: "the database is away.",
      because: "This page tries again every few seconds.",
    },
    "unreachable": {
      word: "Hold on",
      rest: "the service is away.",
      because: "This page tries again every few seconds.",
    },
  },
  frozen: "SentiCrypt no longer updates this public feed, so its data stays old.",
  simulated: "Simulated data, not real prices",
  price: "Price",
  sentiment: "Sentiment",
  directions: { price: DIRECTIONS, sentiment: DIRECTIONS },
  inShort: (price, sentiment, moment) =>
    `Price ${price}, sentiment ${sentiment} over the three hours up to ${moment}.`,
  hours: {
    title: "Hour by hour",
    hour: "Hour",
    price: "Price, USD",
    soFar: "so far",
    change: "Change",
    when: (days, zone) => `${days}, ${zone}`,
  },
  chart: {
    title: "The last 24 hours of data",
    hoursCompared: "Hours compared",
    valuesAt: (time) => `Values at ${time}`,
    point: (time, price, sentiment) => `${time}: price ${price}, sentiment ${sentiment}`,
    empty: "The chart needs at least an hour of data.",
    help: "The arrow keys move through the values.",
    ranges: (price, sentiment) =>
      `The price was between ${price.low} and ${price.high} and is at ${price.last}. ` +
      `Sentiment was between ${sentiment.low} and ${sentiment.high} and is at ${sentiment.last}.`,
    needsScript: "The chart needs JavaScript.",
    figures: "Read its figures as JSON",
  },
  about: {
    title: "About the data",
    newest: "Newest data",
    unknown: "Not known now",
    justNow: "Just now",
    stale: "stale",
    when: (day, time, zone) => `${day}, ${time} ${zone}`,
    feed: "Source",
    degraded: "Some of its sources are away now; the others fill in.",
    rule: "The rule",
    ruleShort: "Both rising means lit",
    ruleLong:
      "Price and sentiment are averaged per hour. Bitcoin is lit when the last of three hours " +
      "is above the first for both, and the data is fresh.",
  },
  updates: {
    live: "Live: this page updates itself.",
    connecting: "Connecting again …",
    retrying: "Trying again every few seconds.",
    manual: "Reload the page for newer data.",
  },
  record: {
    title: "Did the signal predict anything?",
    lit: "Lit",
    unlit: "Not lit",
    unknown: "Unknown",
    today: "Today",
    byDay: "The same day by day, as text",
    noRecord: "There is no completed hour to look back on yet.",
    unreadable: "The past hours can’t be read right now.",
    space: " ",
    lastDays: (days) => `In the last ${days} days`,
    daysUpTo: (days, end) => `In the ${days} days up to ${end}`,
    noHours: (period) => `${period}, no hour has enough data to say whether Bitcoin was lit.`,
    neverLit: (period, known) =>
      `${period} Bitcoin was lit in none of ${count(known, "known hour")}, ` +
      "so there is nothing to compare.",
    litHours: (period, { lit, known, spells }) =>
      `${period} Bitcoin was lit ${lit} of ${count(known, "known hour")}, ` +
      `in ${count(spells, "spell")}.`,
    noOutcome: (hours) =>
      `There is no spell yet of which both the start and the price ${hours} hours later are known, ` +
      "so there is nothing to compare.",
    outcome: ({ hours, spells, higher, share, low, high, baseShare }) =>
      `${hours} hours after a spell could be known the price was higher ` +
      `${higher} of ${count(spells, "time")} (${share}, between ${low} and ${high}); ` +
      `after any hour, ${baseShare}.`,
    verdicts: {
      "no-evidence": "That is no evidence that the signal predicts anything.",
      "higher":
        "That is more often than after any hour. It describes this period, and promises nothing.",
      "lower":
        "That is less often than after any hour. It describes this period, and promises nothing.",
    },
    strip: (from, to, { spells, unknown }) =>
      `Hour by hour from ${from} to ${to}: ${count(spells, "spell")}, ` +
      `${count(unknown, "unknown hour")}.`,
    todayHours: (lit, hours) => `Today Bitcoin was lit ${lit} of ${count(hours, "hour")} so far.`,
    day: (day, parts) => `${day}: ${parts.length === 0 ? "not lit" : parts.join("; ")}`,
    litAt: (times) => `lit ${times.join(", ")}`,
    unknownAt: (times) => `unknown ${times.join(", ")}`,
  },
  use: {
    title: "Use it",
    read: "In a program",
    readHow: "Open to every origin, no key needed.",
    json: "JSON",
    csv: "CSV",
    text: "Plain text",
    docs: "API documentation",
    follow: "In a feed reader",
    followHow: "One entry each time Bitcoin becomes lit or stops being lit.",
    atom: "Atom feed",
    show: "On your site",
    showHow: "From 200 × 80 pixels up, always current:",
    badge: "Badge",
    embed: "Embedded answer",
  },
  disclaimer: "Not affiliated with any source. Not financial advice.",
};

/**
 * @param {number} number
 * @param {string} noun in the singular
 */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
