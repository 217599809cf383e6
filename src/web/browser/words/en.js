// @ts-check

/** @import { Words } from "../../words.ts" */

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
  directions: { rising: "rising", falling: "falling", flat: "flat" },
  inShort: (price, sentiment) =>
    `Price ${price}, sentiment ${sentiment} over the last three hours.`,
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
