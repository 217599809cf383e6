// @ts-check

/** @import { StaticWords, Words } from "../words.ts" */

const MOVED = { rising: "rose", falling: "fell" };
const DIRECTIONS = { rising: "rising", falling: "falling", flat: "flat" };

/** @type {StaticWords} */
export const staticWords = {
  language: "English",
  description:
    "Bitcoin is lit when its price and the sentiment about it both rise over three hours.",
  languageSwitch: "Language",
  simulated: "Simulated data, not real prices",
  howItWorks: "How it works",
  ways: {
    title: "Use it",
    read: "For programs",
    readHow: "Open to every origin, no key needed.",
    json: "JSON",
    csv: "CSV",
    text: "Plain text",
    docs: "API documentation",
    openapi: "OpenAPI document",
    follow: "For feed readers",
    followHow: "One entry each time Bitcoin becomes lit or stops being lit.",
    atom: "Atom feed",
    badge: "A badge for a README",
    embed: "For your site",
    embedHow: "From 200 × 80 pixels up; it updates itself.",
    embedLink: "Open it alone",
  },
  facts: {
    title: "About the data",
    newest: "Newest data",
    feed: "Source",
    degraded: "Some of its sources are away now; the others fill in.",
    rule:
      "Price and sentiment are averaged per hour. Bitcoin is lit when the last of three hours " +
      "is above the first for both, and the data is fresh.",
    manual: "Reload the page for newer data.",
  },
  plot: {
    span: "Span of the chart",
    spans: { "24h": "24 hours", "7d": "7 days", "30d": "30 days" },
    hoursCompared: "Hours compared and their averages",
    help: "The arrow keys move through the values.",
    needsScript: "The chart needs JavaScript.",
    figures: "Read its figures as JSON",
  },
  titles: {
    hours: "Hour by hour",
    chart: "Price and sentiment",
    record: "Did the signal predict anything?",
    payoff: "Would it have paid?",
  },
  payoffChart: "What 100 dollars became",
  review: {
    byDay: "The same day by day, as text",
    noRecord: "There is no completed hour to look back on yet.",
    unreadable: "The past hours can’t be read right now.",
  },
  inShort: (price, sentiment, moment) =>
    `Price ${price}, sentiment ${sentiment} over the three hours up to ${moment}.`,
  sources: (feed) => `Data: ${feed}`,
  disclaimer: "Not affiliated with any source. Not financial advice.",
};

/** @type {Words} */
export const words = {
  locale: "en-US",
  question: "Is Bitcoin lit?",
  states: {
    "lit": {
      word: "Yes",
      rest: "it’s lit.",
    },
    "unlit": {
      word: "No",
      rest: "it’s not lit.",
    },
    "single-hour": {
      word: "Too early",
      rest: "one hour of data so far, two are needed.",
      because: "The answer will appear here by itself.",
    },
    "stale": {
      word: "Can’t say",
      rest: "the data is old.",
      because: "It may be lit by now, or not.",
    },
    "no-data": {
      word: "Hold on",
      rest: "the first data is on its way.",
      because: "It should arrive within minutes, and will appear here by itself.",
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
  past: {
    age: (age) => `The newest data is from ${age}.`,
    asOf: (moment) => `As of ${moment}:`,
  },
  price: "Price",
  sentiment: "Sentiment",
  directions: { price: DIRECTIONS, sentiment: DIRECTIONS },
  reason: (deciding, lit) => {
    const parts = deciding.map(({ metric, direction, amount }, i) => {
      if (direction === "flat") return `${metric} did not change`;
      const isRepeated = deciding[i - 1]?.direction === direction;
      return `${metric}${isRepeated ? "" : ` ${MOVED[direction]}`} by ${amount}`;
    });
    return `${capitalize(parts.join(" and "))}, so ${lit ? "yes" : "no"}.`;
  },
  compared: (first, last, zone) => `That is ${last} against ${first}, ${zone}.`,
  lessThan: (amount) => `less than ${amount}`,
  since: {
    before: (from) => `before ${from}`,
    over: (duration) => `over ${duration}`,
    lit: (from) => `Lit since ${from}.`,
    litFor: (from, duration) => `Lit since ${from}, ${duration}.`,
    lastLit: (to, duration) => `Last lit until ${to}, for ${duration}.`,
    lastLitAgo: (age, duration) => `Last lit ${age}, for ${duration}.`,
    never: (from) => `Not lit once since ${from}.`,
    titleLit: (from) => `Yes, since ${from}`,
    titleLastLit: (to) => `No, last lit ${to}`,
  },
  hours: {
    hour: "Hour",
    price: "Price, USD",
    soFar: "so far",
    change: "Change",
    when: (days, zone) => `${days}, ${zone}`,
  },
  chart: {
    sentiment: "Sentiment, −1 to 1",
    point: (time, price, sentiment) => `${time}: price ${price}, sentiment ${sentiment}`,
    empty: "The chart appears after a full hour of data.",
    ranges: (price, sentiment, staleSince) => {
      const end = staleSince === undefined
        ? { price: `is at ${price.last}`, sentiment: `is at ${sentiment.last}` }
        : { price: `was at ${price.last} on ${staleSince}`, sentiment: `was at ${sentiment.last}` };
      return `The price was between ${price.low} and ${price.high} and ${end.price}. ` +
        `Sentiment was between ${sentiment.low} and ${sentiment.high} and ${end.sentiment}.`;
    },
  },
  about: {
    unknown: "Not known now",
    justNow: "Just now",
    stale: "stale",
    when: (day, time, zone) => `${day}, ${time} ${zone}`,
  },
  updates: {
    live: "Live: this page updates itself.",
    waiting: "Waiting for new data.",
    connecting: "Connecting again …",
    retrying: "Trying again every few seconds.",
  },
  record: {
    lit: "Lit",
    unlit: "Not lit",
    unknown: "Unknown",
    today: "Today",
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
    afterSpells: "After spells",
    likely: "Likely range",
    anyHour: "After any hour",
    higherOf: (higher, spells, share) => `${higher} of ${spells} · ${share}`,
    higherAfterSpells: "price higher 24 hours after a spell could be known",
    higherAfterAny: "price higher 24 hours after any hour",
    interval: (share, low, high, base) =>
      `On a scale from 0% to 100%: ${share} after spells, likely from ${low} to ${high}; ` +
      `${base} after any hour.`,
    counted: (counted, spells, hours) =>
      `${counted} of the ${count(spells, "spell")} ${counted === 1 ? "counts" : "count"}: ` +
      "the start was seen, the " +
      `${hours} hours after it could be known are over, and no two of them overlap.`,
    range: (low, high) => `The true share may well be anywhere from ${low} to ${high}.`,
    verdicts: {
      "no-evidence": "No sign that it did.",
      "higher": "Perhaps: the price was higher more often than usual.",
      "lower": "Rather the opposite: the price was higher less often than usual.",
    },
    nothing: "Too early to say.",
    caveat: "It describes this period, and promises nothing.",
    month: (from, to, { spells, unknown }) =>
      `Hour by hour from ${from} to ${to}: ${count(spells, "spell")}, ` +
      `${count(unknown, "unknown hour")}.`,
    todayHours: (lit, known) => `Today Bitcoin was lit ${lit} of ${count(known, "known hour")}.`,
    day: (day, parts) => `${day}: ${parts.length === 0 ? "not lit" : parts.join("; ")}`,
    litAt: (times) => `lit ${times.join(", ")}`,
    unknownAt: (times) => `unknown ${times.join(", ")}`,
  },
  payoff: {
    none: "There are not enough prices to say yet.",
    hold: "Held throughout",
    litOnly: "Held only while lit",
    result: ({ duration, stake, switches, fee }) =>
      `This is what ${stake} became in ${duration}. Holding only while lit took ` +
      `${switches} ${switches === 1 ? "switch" : "switches"} at ${fee} each.`,
    withoutFees: (amount) => `Without fees it would have become ${amount}.`,
    verdict: (sign, amount, isDueToFees) => {
      if (sign === 0) return "It would have made no difference.";
      if (sign > 0) return `Yes: ${amount} more than holding throughout.`;
      return `${isDueToFees ? "Not after fees" : "No"}: ${amount} less than holding throughout.`;
    },
    caveat: "It describes this period, and is no advice.",
    point: (time, hold, litOnly) => `${time}: held ${hold}, only while lit ${litOnly}`,
  },
  use: {
    copy: "Copy",
    copied: "Copied",
    notCopied: "Select the code and copy it",
  },
};

/**
 * @param {number} number
 * @param {string} noun in the singular
 */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** @param {string} text */
function capitalize(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
