// @ts-check

/** @import { StaticWords, Words } from "../words.ts" */

const NAMES = { price: "价格", sentiment: "情绪" };
const DIRECTIONS = {
  price: { rising: "上涨", falling: "下跌", flat: "持平" },
  sentiment: { rising: "升温", falling: "降温", flat: "持平" },
};

/** @type {StaticWords} */
export const staticWords = {
  language: "简体中文",
  description: "三小时内价格上涨、情绪升温，比特币就“火了”。",
  languageSwitch: "语言",
  simulated: "模拟数据，并非真实价格",
  howItWorks: "判断方法",
  ways: {
    title: "使用方式",
    read: "用于程序",
    readHow: "支持跨域访问，无需密钥。",
    json: "JSON 数据",
    csv: "CSV 表格",
    text: "纯文本",
    docs: "API 文档",
    openapi: "OpenAPI 文件",
    follow: "用于 RSS 阅读器",
    followHow: "每次“火了”或“不火了”时新增一条。",
    atom: "Atom 订阅",
    badge: "用于 README 的徽章",
    embed: "用于你的网站",
    embedHow: "最小 200 × 80 像素，自动更新。",
    embedLink: "单独打开",
  },
  facts: {
    title: "关于数据",
    newest: "最新数据",
    feed: "数据来源",
    degraded: "目前部分来源无法访问，由其余来源补上。",
    rule: "价格和情绪按小时取平均值。数据足够新，且三小时中最后一小时的两项平均值都高于第一小时，" +
      "比特币就“火了”。",
    manual: "重新加载页面可查看更新的数据。",
  },
  plot: {
    span: "图表的时间范围",
    spans: { "24h": "24 小时", "7d": "7 天", "30d": "30 天" },
    hoursCompared: "参与比较的小时及其平均值",
    help: "用方向键查看各个数值。",
    needsScript: "图表需要 JavaScript。",
    figures: "查看图表的 JSON 数据",
  },
  titles: {
    hours: "每小时数据",
    chart: "价格与情绪",
    record: "这个信号有预测力吗？",
    payoff: "跟着信号持有，划算吗？",
  },
  payoffChart: "100 美元的变化",
  review: {
    byDay: "逐日文字版",
    noRecord: "还没有可以回顾的完整小时。",
    unreadable: "暂时无法读取过往数据。",
  },
  inShort: (price, sentiment, moment) =>
    `截至 ${moment} 的三小时：价格${price}，情绪${sentiment}。`,
  sources: (feed) => `数据：${feed}`,
  disclaimer: "本站与任何数据来源均无关联，不构成投资建议。",
};

/** @type {Words} */
export const words = {
  locale: "zh-CN",
  question: "比特币火了吗？",
  states: {
    "lit": {
      word: "火了",
      rest: "比特币正在燃烧。",
    },
    "unlit": {
      word: "没火",
      rest: "比特币还没烧起来。",
    },
    "single-hour": {
      word: "待定",
      rest: "目前只有一小时的数据，至少需要两小时。",
      because: "有了答案会自动显示在这里。",
    },
    "stale": {
      word: "说不准",
      rest: "数据已经过时。",
      because: "现在可能火了，也可能没火。",
    },
    "no-data": {
      word: "请稍候",
      rest: "第一批数据正在路上。",
      because: "应在几分钟内到达，届时会自动显示在这里。",
    },
    "store-unavailable": {
      word: "请稍候",
      rest: "暂时连不上数据库。",
      because: "本页面每隔几秒会自动重试。",
    },
    "unreachable": {
      word: "请稍候",
      rest: "暂时连不上服务。",
      because: "本页面每隔几秒会自动重试。",
    },
  },
  frozen: "SentiCrypt 已不再更新这个公开数据源，因此数据会一直停留在过去。",
  past: {
    age: (age) => `最新数据来自 ${age}。`,
    asOf: (moment) => `截至 ${moment}：`,
  },
  price: "价格",
  sentiment: "情绪",
  directions: DIRECTIONS,
  reason: (deciding, lit) => {
    const parts = deciding.map(({ metric, direction, amount }) => {
      const moved = NAMES[metric] + DIRECTIONS[metric][direction];
      if (direction === "flat") return moved;
      return `${moved}${amount.startsWith("不") ? "" : " "}${amount}`;
    });
    return `${parts.join("，")}，${lit ? "所以火了" : "所以没火"}。`;
  },
  compared: (first, last, zone) => `即 ${last} 与 ${first} 相比（${zone}）。`,
  lessThan: (amount) => `不到 ${amount}`,
  since: {
    before: (from) => `${from} 之前`,
    over: (duration) => `${duration}以上`,
    lit: (from) => `${fromOn(from)}一直火着。`,
    litFor: (from, duration) => `${fromOn(from)}一直火着，已有 ${duration}。`,
    lastLit: (to, duration) => `上次火到 ${to}，持续了 ${duration}。`,
    lastLitAgo: (age, duration) => `上次火是在 ${age}，持续了 ${duration}。`,
    never: (from) => `自 ${from} 以来一次也没火过。`,
    titleLit: (from) => `火了，${fromOn(from)}`,
    titleLastLit: (to) => `没火，上次火到 ${to}`,
  },
  hours: {
    hour: "小时",
    price: "价格（美元）",
    soFar: "进行中",
    change: "变化",
    when: (days, zone) => `${days}（${zone}）`,
  },
  chart: {
    sentiment: "情绪（−1 到 1）",
    point: (time, price, sentiment) => `${time}：价格 ${price}，情绪 ${sentiment}`,
    empty: "数据满一小时后，图表就会出现。",
    ranges: (price, sentiment, staleSince) => {
      const [first, second] = staleSince === undefined
        ? ["目前为", "目前为"]
        : [`截至 ${staleSince} 为`, "当时为"];
      return `价格在 ${price.low} 到 ${price.high} 之间，${first} ${price.last}；` +
        `情绪在 ${sentiment.low} 到 ${sentiment.high} 之间，${second} ${sentiment.last}。`;
    },
  },
  about: {
    unknown: "目前未知",
    justNow: "刚刚",
    stale: "已过时",
    when: (day, time, zone) => `${day} ${time}（${zone}）`,
  },
  updates: {
    live: "实时：本页面会自动更新。",
    waiting: "正在等待新数据。",
    connecting: "正在重新连接……",
    retrying: "每隔几秒自动重试。",
  },
  record: {
    lit: "火了",
    unlit: "没火",
    unknown: "未知",
    today: "今天",
    space: "",
    lastDays: (days) => `最近 ${days} 天`,
    daysUpTo: (days, end) => `截至 ${end} 的 ${days} 天`,
    noHours: (period) => `${period}内，还没有足够的数据来判断任何一小时比特币是否火了。`,
    neverLit: (period, known) =>
      `${period}内，在 ${known} 个有数据的小时中，比特币一次也没火，暂时无从比较。`,
    litHours: (period, { lit, known, spells }) =>
      `${period}内，在 ${known} 个有数据的小时中，比特币有 ${lit} 个小时处于“火了”状态，共 ${spells} 段。`,
    noOutcome: (hours) => `目前还没有哪段的起点及其后 ${hours} 小时价格都已知，暂时无从比较。`,
    afterSpells: "“火了”之后",
    likely: "可能的区间",
    anyHour: "任意小时之后",
    higherOf: (higher, spells, share) => `${higher}/${spells} 次 · ${share}`,
    higherAfterSpells: "从每段“火了”可确认时算起，24 小时后价格更高",
    higherAfterAny: "从任意小时算起，24 小时后价格更高",
    interval: (share, low, high, base) =>
      `在 0% 到 100% 的刻度上：“火了”之后为 ${share}，可能在 ${low} 到 ${high} 之间；任意小时之后为 ${base}。`,
    counted: (counted, spells, hours) =>
      `${spells} 段中有 ${counted} 段计入统计：起点明确，可确认之后的 ${hours} 小时已经过去，且彼此不重叠。`,
    range: (low, high) => `真实比例可能在 ${low} 到 ${high} 之间。`,
    verdicts: {
      "no-evidence": "没有迹象表明它有预测力。",
      "higher": "也许有：之后价格走高的情况比平时多。",
      "lower": "恰恰相反：之后价格走高的情况比平时少。",
    },
    nothing: "现在下结论还太早。",
    caveat: "这只描述这段时间，不代表今后。",
    month: (from, to, { spells, unknown }) =>
      `从 ${from} 到 ${to} 的每个小时：火了 ${spells} 段，未知 ${unknown} 个小时。`,
    todayHours: (lit, known) =>
      `今天有数据的 ${known} 个小时中，比特币有 ${lit} 个小时处于“火了”状态。`,
    day: (day, parts) => `${day}：${parts.length === 0 ? "没火" : parts.join("；")}`,
    litAt: (times) => `火了 ${times.join("、")}`,
    unknownAt: (times) => `未知 ${times.join("、")}`,
  },
  payoff: {
    none: "价格数据还不够，暂时无法计算。",
    hold: "一直持有",
    litOnly: "只在“火了”时持有",
    result: ({ duration, stake, switches, fee }) =>
      `以上是 ${stake} 在 ${duration}后的金额。只在“火了”时持有，共买卖 ${switches} 次，每次手续费 ${fee}。`,
    withoutFees: (amount) => `不计手续费则为 ${amount}。`,
    verdict: (sign, amount, isDueToFees) => {
      if (sign === 0) return "没有差别。";
      if (sign > 0) return `划算：比一直持有多 ${amount}。`;
      return `${isDueToFees ? "扣除手续费后" : ""}不划算：比一直持有少 ${amount}。`;
    },
    caveat: "这只描述这段时间，不构成投资建议。",
    point: (time, hold, litOnly) => `${time}：一直持有 ${hold}，只在“火了”时持有 ${litOnly}`,
  },
  use: {
    copy: "复制",
    copied: "已复制",
    notCopied: "请选中代码后复制",
  },
};

/**
 * A time is set apart from what follows it, a word is not.
 *
 * @param {string} from
 */
function fromOn(from) {
  return `从 ${from}${from.endsWith("前") ? "" : " "}起`;
}
