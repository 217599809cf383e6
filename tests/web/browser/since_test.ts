import { assertEquals } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import {
  describeCompared,
  describeDataAge,
  describeReason,
  describeSince,
  type RecordEnd,
  titleSince,
} from "../../../src/web/browser/since.js";
import { type RenderContext, WORDS } from "../../../src/web/view.ts";
import type { Direction } from "../../../src/summary/wire.ts";
import { LIT, STALE, UNLIT } from "../views.ts";

const LIMITS = { timeout: 60_000 };

/** Of the answers of the views, the running hour starts at 12:00. */
const NOW = Date.UTC(2021, 6, 7, 12, 30);

function contextIn(language: "en" | "zh-CN", now?: number): RenderContext {
  const words = WORDS[language];
  const formats = createFormats(words.locale, "UTC");
  return { words, formats, frozenFeed: false, now };
}

const EN = contextIn("en", NOW);
const ZH = contextIn("zh-CN", NOW);

/** A record up to an hour of July 7, with a spell from one hour to another. */
function recordTo(to: string, ...spell: [from: string, to: string] | []): RecordEnd {
  const at = (hour: string) => `2021-07-07T${hour}:00:00.000Z`;
  const [from = "", end = ""] = spell;
  return {
    from: "2021-06-07T12:00:00.000Z",
    to: at(to),
    known_hours: 700,
    unknown: [],
    spells: from === "" ? [] : [{ from: at(from), to: at(end) }],
  };
}

Deno.test.each([
  {
    what: "the open spell that reaches the last completed hour",
    record: recordTo("12", "09", "12"),
    en: "Lit since 09:00, 3 hours.",
    zh: "从 09:00 起一直火着，已有 3 小时。",
  },
  {
    what: "the open spell of a record that waits for the last hour to settle",
    record: recordTo("11", "09", "11"),
    en: "Lit since 09:00, 3 hours.",
    zh: "从 09:00 起一直火着，已有 3 小时。",
  },
  {
    what: "the running hour after a spell that ended",
    record: recordTo("12", "09", "11"),
    en: "Lit since 12:00, 30 minutes.",
    zh: "从 12:00 起一直火着，已有 30 分钟。",
  },
  {
    what: "the running hour when the record is old",
    record: recordTo("10", "09", "10"),
    en: "Lit since 12:00, 30 minutes.",
    zh: "从 12:00 起一直火着，已有 30 分钟。",
  },
  {
    what: "the running hour without a record",
    record: undefined,
    en: "Lit since 12:00, 30 minutes.",
    zh: "从 12:00 起一直火着，已有 30 分钟。",
  },
])("describeSince() of a lit answer names $what", LIMITS, ({ record, en, zh }) => {
  assertEquals(describeSince({ answer: LIT }, record, EN), en);
  assertEquals(describeSince({ answer: LIT }, record, ZH), zh);
});

Deno.test("describeSince() of another answer says when it was last lit", LIMITS, () => {
  const record = recordTo("12", "06", "08");
  assertEquals(describeSince({ answer: UNLIT }, record, EN), "Last lit 4 hours ago, for 2 hours.");
  assertEquals(
    describeSince({ answer: UNLIT }, record, ZH),
    "上次火是在 4 小时前，持续了 2 小时。",
  );
  assertEquals(
    describeSince({ answer: UNLIT }, recordTo("12"), EN),
    "Not lit once since June 7, 2021 at 12:00 UTC.",
  );
});

Deno.test(
  "describeSince() says nothing of the end of a spell that the record has not seen",
  LIMITS,
  () => {
    const waiting = recordTo("11", "06", "11");
    assertEquals(describeSince({ answer: UNLIT }, waiting, EN), undefined);
    assertEquals(titleSince({ answer: UNLIT }, waiting, EN), undefined);
    const settled = recordTo("12", "06", "12");
    assertEquals(
      describeSince({ answer: UNLIT }, settled, EN),
      "Last lit 30 minutes ago, for 6 hours.",
    );
  },
);

Deno.test("describeSince() without a clock has absolute times", LIMITS, () => {
  const record = recordTo("12", "06", "08");
  assertEquals(
    describeSince({ answer: UNLIT }, record, contextIn("en")),
    "Last lit until July 7, 2021 at 08:00 UTC, for 2 hours.",
  );
  assertEquals(
    describeSince({ answer: LIT }, recordTo("12", "09", "12"), contextIn("en")),
    "Lit since July 7, 2021 at 09:00 UTC.",
  );
});

Deno.test(
  "describeSince() says that a spell began before the record, whose start it is",
  LIMITS,
  () => {
    const record = { ...recordTo("12", "09", "12"), from: "2021-07-07T09:00:00.000Z" };
    assertEquals(
      describeSince({ answer: LIT }, record, EN),
      "Lit since before 09:00, over 3 hours.",
    );
    assertEquals(
      describeSince({ answer: LIT }, record, ZH),
      "从 09:00 之前起一直火着，已有 3 小时以上。",
    );
    assertEquals(titleSince({ answer: LIT }, record, EN), "Yes, since before 09:00");
  },
);

Deno.test(
  "describeSince() says nothing of an hour that has no other to compare with",
  LIMITS,
  () => {
    const hours = LIT.hourly_average_of_averages.slice(0, 1);
    const answer = { ...UNLIT, hourly_average_of_averages: hours };
    assertEquals(describeSince({ answer }, recordTo("12", "06", "08"), EN), undefined);
  },
);

Deno.test(
  "describeSince() says so, too, where the hour before the spell is unknown",
  LIMITS,
  () => {
    const unknown = [{ from: "2021-07-07T06:00:00.000Z", to: "2021-07-07T09:00:00.000Z" }];
    const record = { ...recordTo("12", "09", "12"), unknown };
    assertEquals(
      describeSince({ answer: LIT }, record, EN),
      "Lit since before 09:00, over 3 hours.",
    );
  },
);

Deno.test("describeSince() names the day of a spell that began on another", LIMITS, () => {
  const record = { ...recordTo("12"), spells: [] };
  const spell = { from: "2021-07-06T22:00:00.000Z", to: record.to };
  assertEquals(
    describeSince({ answer: LIT }, { ...record, spells: [spell] }, EN),
    "Lit since Jul 6, 22:00, 14 hours.",
  );
});

Deno.test(
  "describeSince() names the day of a spell on the same day of another year",
  LIMITS,
  () => {
    const record = recordTo("12", "09", "12");
    const context = contextIn("en", Date.UTC(2022, 6, 7, 12));
    assertEquals(
      describeSince({ answer: LIT }, record, context),
      "Lit since Jul 7, 09:00, 365 days.",
    );
  },
);

Deno.test("describeSince() calls a spell that just ended a minute old", LIMITS, () => {
  const record = recordTo("12", "06", "12");
  const context = contextIn("en", Date.UTC(2021, 6, 7, 12));
  const said = describeSince({ answer: UNLIT }, record, context);
  assertEquals(said, "Last lit 60 seconds ago, for 6 hours.");
});

Deno.test("describeSince() says nothing of old data, troubles, and unknown hours", LIMITS, () => {
  const record = recordTo("12", "06", "08");
  assertEquals(describeSince({ answer: STALE }, record, EN), undefined);
  assertEquals(describeSince({ trouble: "no-data" }, record, EN), undefined);
  assertEquals(describeSince({ answer: UNLIT }, undefined, EN), undefined);
  assertEquals(
    describeSince({ answer: UNLIT }, { ...recordTo("12"), known_hours: 0 }, EN),
    undefined,
  );
});

Deno.test("describeDataAge() says how old the data is, where a clock is known", LIMITS, () => {
  const later = NOW + 5 * 3_600_000;
  assertEquals(
    describeDataAge(STALE, contextIn("en", later)),
    "The newest data is from 5 hours ago.",
  );
  assertEquals(describeDataAge(STALE, contextIn("zh-CN", later)), "最新数据来自 5 小时前。");
  assertEquals(describeDataAge(STALE, contextIn("en")), undefined);
});

Deno.test("titleSince() has absolute times, and no duration", LIMITS, () => {
  const record = recordTo("12", "09", "12");
  assertEquals(titleSince({ answer: LIT }, record, EN), "Yes, since 09:00");
  assertEquals(titleSince({ answer: LIT }, record, ZH), "火了，从 09:00 起");
  assertEquals(titleSince({ answer: UNLIT }, record, EN), "No, last lit 12:00");
  assertEquals(titleSince({ answer: UNLIT }, recordTo("12"), EN), undefined);
});

/** An answer whose price and sentiment go from one value to another. */
function answerOf(price: [number, number], sentiment: [number, number]) {
  const direction = ([from, to]: [number, number]): Direction =>
    to > from ? "rising" : to < from ? "falling" : "flat";
  const hour = (i: 0 | 1) => ({
    time: `2021-07-07T1${i}:00:00.000Z`,
    price: price[i],
    sentiment: sentiment[i],
  });
  const [price_direction, sentiment_direction] = [direction(price), direction(sentiment)];
  const lit = price_direction === "rising" && sentiment_direction === "rising";
  const hourly_average_of_averages = [hour(0), hour(1)];
  return { ...LIT, hourly_average_of_averages, price_direction, sentiment_direction, lit };
}

Deno.test.each([
  {
    answer: answerOf([60_000, 59_038], [0, 0.1]),
    en: "Price fell by $962, so no.",
    zh: "价格下跌 US$962，所以没火。",
  },
  {
    answer: answerOf([1, 2], [0.2, 0.096]),
    en: "Sentiment fell by 0.104, so no.",
    zh: "情绪降温 0.104，所以没火。",
  },
  {
    answer: answerOf([60_000, 59_999.5], [0.2, 0.1]),
    en: "Price fell by $0.50 and sentiment by 0.100, so no.",
    zh: "价格下跌 US$0.50，情绪降温 0.100，所以没火。",
  },
  {
    answer: answerOf([60_000, 60_000], [0.2, 0.1]),
    en: "Price did not change and sentiment fell by 0.100, so no.",
    zh: "价格持平，情绪降温 0.100，所以没火。",
  },
  {
    answer: answerOf([60_000, 61_184], [0.1, 0.223]),
    en: "Price rose by $1,184 and sentiment by 0.123, so yes.",
    zh: "价格上涨 US$1,184，情绪升温 0.123，所以火了。",
  },
])("describeReason() says “$en”", LIMITS, ({ answer, en, zh }) => {
  assertEquals(describeReason({ answer }, EN), en);
  assertEquals(describeReason({ answer }, ZH), zh);
});

Deno.test("describeReason() names changes that are too small for their digits", LIMITS, () => {
  const answer = answerOf([60_000, 59_999.999], [0.2, 0.1999]);
  assertEquals(
    describeReason({ answer }, EN),
    "Price fell by less than $0.01 and sentiment by less than 0.001, so no.",
  );
  assertEquals(
    describeReason({ answer }, ZH),
    "价格下跌不到 US$0.01，情绪降温不到 0.001，所以没火。",
  );
});

Deno.test("describeCompared() names the first hour and the last, wherever they are", LIMITS, () => {
  const answer = {
    ...LIT,
    hourly_average_of_averages: LIT.hourly_average_of_averages.toSpliced(1, 1),
  };
  for (const content of [{ answer }, { answer: LIT }, { answer: UNLIT }]) {
    assertEquals(describeCompared(content, EN), "That is 12:00 against 10:00, UTC.");
    assertEquals(describeCompared(content, ZH), "即 12:00 与 10:00 相比（UTC）。");
  }
  const auckland = { ...EN, formats: createFormats("en-US", "Pacific/Auckland") };
  assertEquals(describeCompared({ answer }, auckland), "That is 00:00 against 22:00, GMT+12.");
});

Deno.test("describeCompared() says nothing where nothing is compared", LIMITS, () => {
  const hours = LIT.hourly_average_of_averages.slice(0, 1);
  assertEquals(
    [
      describeCompared({ answer: STALE }, EN),
      describeCompared({ answer: { ...LIT, hourly_average_of_averages: hours } }, EN),
      describeCompared({ trouble: "no-data" }, EN),
    ],
    [undefined, undefined, undefined],
  );
});
