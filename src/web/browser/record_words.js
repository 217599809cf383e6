// @ts-check

/** @import { RecordWords } from "../record_words.ts" */

/** @type {RecordWords} */
export const recordWordsEn = {
  title: "Did the signal predict anything?",
  lit: "Lit",
  unlit: "Not lit",
  unknown: "Unknown",
  today: "Today",
  byDay: "The same day by day, as text",
  noRecord: "There is no completed hour to look back on yet.",
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
    "no-evidence": "That is no evidence that lit foretells anything.",
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
};

/** @type {RecordWords} */
export const recordWordsZhCn = {
  title: "这个信号预测到什么了吗？",
  lit: "火了",
  unlit: "没火",
  unknown: "未知",
  today: "今天",
  byDay: "逐日文字版",
  noRecord: "还没有可以回顾的完整小时。",
  space: "",
  lastDays: (days) => `最近 ${days} 天`,
  daysUpTo: (days, end) => `截至 ${end} 的 ${days} 天`,
  noHours: (period) => `${period}内，还没有足够的数据来判断任何一小时比特币是否火了。`,
  neverLit: (period, known) =>
    `${period}内，在 ${known} 个已知小时中，比特币一次也没火，因此没有可以比较的内容。`,
  litHours: (period, { lit, known, spells }) =>
    `${period}内，在 ${known} 个已知小时中，比特币有 ${lit} 个小时火了，共 ${spells} 段。`,
  noOutcome: (hours) =>
    `还没有哪一段既知道起点，又知道其后 ${hours} 小时的价格，因此暂时没有可以比较的内容。`,
  outcome: ({ hours, spells, higher, share, low, high, baseShare }) =>
    `每段火了的时间在可以得知之后再过 ${hours} 小时，${spells} 次中有 ${higher} 次价格更高` +
    `（${share}，区间为 ${low} 至 ${high}）；而在任意小时之后，这一比例为 ${baseShare}。`,
  verdicts: {
    "no-evidence": "这不能证明“火了”能预示什么。",
    "higher": "这比任意小时之后更常见；它只描述这段时间，不保证任何事情。",
    "lower": "这比任意小时之后更少见；它只描述这段时间，不保证任何事情。",
  },
  strip: (from, to, { spells, unknown }) =>
    `从 ${from} 到 ${to} 的每个小时：火了 ${spells} 段，未知 ${unknown} 个小时。`,
  todayHours: (lit, hours) => `今天到目前为止的 ${hours} 个小时中，比特币有 ${lit} 个小时火了。`,
  day: (day, parts) => `${day}：${parts.length === 0 ? "没火" : parts.join("；")}`,
  litAt: (times) => `火了 ${times.join("、")}`,
  unknownAt: (times) => `未知 ${times.join("、")}`,
};

/**
 * @param {number} number
 * @param {string} noun in the singular
 */
function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
