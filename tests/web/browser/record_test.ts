import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { HourState } from "../../../src/track_record/hour_states.ts";
import {
  renderMonth,
  renderRecord,
  renderRecordDays,
  renderRecordSection,
} from "../../../src/web/browser/record.js";
import { createFormats } from "../../../src/web/browser/format.js";
import { type PageContext, WORDS } from "../../../src/web/view.ts";
import type { Span, TrackRecord } from "../../../src/track_record/wire.ts";

const LIMIT = { timeout: 60_000 };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TO = Date.UTC(2026, 6, 7, 13);
const NOW = TO + 20 * 60_000;

const OUTCOME: Partial<TrackRecord["horizons"][number]> = {
  spells: 23,
  higher: 13,
  share: 13 / 23,
  low: 0.368,
  high: 0.744,
  base: { hours: 709, higher: 361, share: 361 / 709, median_change: 0 },
};

/** A record whose last hours have the states that a string draws: `#` lit, `.` not lit; others unknown. */
function recordOf(
  drawn: string,
  horizon: Partial<TrackRecord["horizons"][number]> = {},
): TrackRecord {
  const hours = Math.max(720, drawn.length);
  const states = drawn.padStart(hours, "?");
  const timeOf = (hour: number) => new Date(TO - (hours - hour) * HOUR_MS).toISOString();
  const spansOf = (pattern: RegExp): Span[] =>
    Array.from(states.matchAll(pattern), ({ index, 0: run }) => ({
      from: timeOf(index),
      to: timeOf(index + run.length),
    }));
  return {
    feed: "test",
    from: timeOf(0),
    to: timeOf(hours),
    hours,
    known_hours: states.replaceAll("?", "").length,
    lit_hours: states.split("#").length - 1,
    spells: spansOf(/#+/g),
    unknown: spansOf(/\?+/g),
    horizons: [{
      hours: 24,
      spells: 0,
      higher: 0,
      share: null,
      low: null,
      high: null,
      median_change: null,
      base: { hours: 0, higher: 0, share: null, median_change: null },
      verdict: "no-evidence",
      ...horizon,
    }],
    payoff: null,
  };
}

function contextOf({ now = NOW, timeZone = "UTC" } = {}): PageContext {
  return { words: WORDS.en, formats: createFormats("en-US", timeZone), frozenFeed: false, now };
}

/** The text of markup, on one line. */
function textOf(markup: unknown): string {
  return String(markup).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").replaceAll("&#38;", "&")
    .trim();
}

function findingOf(record: TrackRecord, now = NOW): string {
  const [, finding = ""] =
    /<p class="finding">([^<]*)</.exec(String(renderRecord(record, contextOf({ now })))) ?? [];
  return finding;
}

/** Reads the grid's shapes back: per hour the state that is drawn, and the rows that are marked as today's. */
function readMonth(record: TrackRecord, context = contextOf()) {
  const markup = String(renderMonth(record, context));
  const cells = new Map<string, HourState>();
  const today: number[] = [];
  for (const [, name = "", shape = ""] of markup.matchAll(/<path class="(\w+)" d="([^"]*)"/g)) {
    for (const [, x, y, to] of shape.matchAll(/M(\d+) ([\d.]+)(?:V[\d.]+)?H(\d+)/g)) {
      const row = Math.floor(Number(y));
      if (name === "today") today.push(row);
      else {
        const state = name === "lit" || name === "unknown" ? name : "unlit";
        for (let hour = Number(x); hour < Number(to); hour++) cells.set(`${row}/${hour}`, state);
      }
    }
  }
  const midnight = Math.floor(Date.parse(record.from) / DAY_MS) * DAY_MS;
  const states = Array.from({ length: record.hours }, (_, i) => {
    const sinceMidnight = Date.parse(record.from) + i * HOUR_MS - midnight;
    const hour = sinceMidnight / HOUR_MS % 24;
    return cells.get(`${Math.floor(sinceMidnight / DAY_MS)}/${hour}`);
  });
  return { states, cells: cells.size, today };
}

Deno.test.each([
  {
    behaviour: "a month",
    record: recordOf("." + "#.".repeat(101) + ".".repeat(509), OUTCOME),
    text: "In the last 30 days Bitcoin was lit 101 of 712 known hours, in 101 spells. " +
      "23 of the 101 spells count: the start was seen, the 24 hours after it could be known are " +
      "over, and no two of them overlap. The true share may well be anywhere from 37% to 74%.",
    verdict: "No sign that it did.",
  },
  {
    behaviour: "five hours",
    record: recordOf(".##."),
    text: "In the last 30 days Bitcoin was lit 2 of 4 known hours, in 1 spell. " +
      "There is no spell yet of which both the start and the price 24 hours later are known, " +
      "so there is nothing to compare.",
    verdict: "Too early to say.",
  },
  {
    behaviour: "one counted spell",
    record: recordOf(".#.", { ...OUTCOME, spells: 1, higher: 1, share: 1, low: 0.2065, high: 1 }),
    text: "In the last 30 days Bitcoin was lit 1 of 3 known hours, in 1 spell. " +
      "1 of the 1 spell counts: the start was seen, the 24 hours after it could be known are " +
      "over, and no two of them overlap. The true share may well be anywhere from 21% to 100%.",
    verdict: "No sign that it did.",
  },
  {
    behaviour: "never lit",
    record: recordOf(".".repeat(720)),
    text:
      "In the last 30 days Bitcoin was lit in none of 720 known hours, so there is nothing to compare.",
    verdict: "Too early to say.",
  },
  {
    behaviour: "always lit",
    record: recordOf("#".repeat(720)),
    text: "In the last 30 days Bitcoin was lit 720 of 720 known hours, in 1 spell. " +
      "There is no spell yet of which both the start and the price 24 hours later are known, " +
      "so there is nothing to compare.",
    verdict: "Too early to say.",
  },
  {
    behaviour: "no known hour",
    record: recordOf(""),
    text: "In the last 30 days, no hour has enough data to say whether Bitcoin was lit.",
    verdict: "Too early to say.",
  },
])("renderRecord() finds the words for $behaviour", LIMIT, ({ record, verdict, text }) => {
  assertEquals(findingOf(record), text);
  // The verdict comes first.
  assert(textOf(renderRecord(record, contextOf())).startsWith(verdict));
});

Deno.test.each(
  [
    { verdict: "higher", says: "Perhaps: the price was higher more often than usual." },
    { verdict: "lower", says: "Rather the opposite: the price was higher less often than usual." },
  ] as const,
)("renderRecord() promises nothing when the verdict is $verdict", LIMIT, ({ verdict, says }) => {
  const record = recordOf(".#.", { ...OUTCOME, verdict });
  assert(textOf(renderRecord(record, contextOf())).startsWith(says));
  assert(findingOf(record).endsWith(" It describes this period, and promises nothing."));
});

Deno.test("renderRecord() shows both shares, and the interval as a bar", LIMIT, () => {
  const markup = String(renderRecord(recordOf(".#.", OUTCOME), contextOf()));
  assertEquals([...markup.matchAll(/<dd>([^<]*)</g)].map(([, text]) => text), [
    "13 of 23 · 57%",
    "51%",
  ]);
  assertStringIncludes(
    textOf(markup),
    "price higher 24 hours after a spell could be known 13 of 23",
  );
  assertStringIncludes(markup, '<path class="likely" d="M36.8 6H74.4" />');
  assertStringIncludes(markup, '<path class="base" d="M50.9 0V12" />');
  assertStringIncludes(markup, "57% after spells, likely from 37% to 74%; 51% after any hour.");
  assertEquals(String(renderRecord(recordOf(".#."), contextOf())).includes("<svg"), false);
});

Deno.test("renderMonth() has the hours of the reader's clock as columns", LIMIT, () => {
  const context = contextOf({ timeZone: "America/New_York" });
  // The last hour is 12:00 UTC.
  assertStringIncludes(String(renderMonth(recordOf("#"), context)), 'class="lit" d="M8 ');
});

Deno.test("renderRecord() names the end of a period that is over", LIMIT, () => {
  const record = recordOf(".".repeat(720));
  assertStringIncludes(findingOf(record, TO + 3 * HOUR_MS), "In the last 30 days");
  const finding = findingOf(record, TO + 3 * HOUR_MS + 1);
  assertStringIncludes(finding, "In the 30 days up to July 7, 2026 at 13:00 UTC Bitcoin was");
});

Deno.test(
  "renderRecord() without a clock names the end, and marks no hour as today's",
  LIMIT,
  () => {
    const { now: _, ...context } = contextOf();
    const record = recordOf("..#");
    const markup = String(renderRecord(record, context));
    assertStringIncludes(
      textOf(markup),
      "In the 30 days up to July 7, 2026 at 13:00 UTC Bitcoin was",
    );
    assertEquals(String(renderMonth(record, context)).includes("Today"), false);
    assertEquals(readMonth(record, context).today, []);
  },
);

const DRAWN = fc.array(fc.constantFrom("#", ".", "?"), { maxLength: 720 }).map((signs) =>
  signs.join("")
);
const NAMES = new Map([["#", "lit"], [".", "unlit"], ["?", "unknown"]]);

Deno.test("renderMonth() draws every hour in its state, and no other", LIMIT, () => {
  fc.assert(fc.property(DRAWN, (drawn) => {
    const expected = Array.from(drawn.padStart(720, "?"), (sign) => NAMES.get(sign));
    const { states, cells } = readMonth(recordOf(drawn));
    // A month of which nothing is known is not drawn.
    if (!/[#.]/.test(drawn)) return assertEquals(cells, 0);
    assertEquals<unknown[]>(states, expected);
    assertEquals(cells, 720);
  }));
});

Deno.test.each([
  { timeZone: "UTC", hours: 13 },
  { timeZone: "Asia/Shanghai", hours: 21 },
  { timeZone: "America/New_York", hours: 9 },
])("renderMonth() marks the row of today in $timeZone", LIMIT, ({ timeZone, hours }) => {
  const record = recordOf(".".repeat(720));
  assertEquals(readMonth(record, contextOf({ timeZone })).today, [30]);
  const label = String(renderMonth(record, contextOf({ timeZone })));
  assertStringIncludes(label, '<li class="today">Today</li>');
  assertStringIncludes(label, `Today Bitcoin was lit 0 of ${hours} known hours.`);
});

Deno.test(
  "renderMonth() draws lines and the frame of today in rows of height 1",
  LIMIT,
  () => {
    const markup = String(renderMonth(recordOf(".#?#"), contextOf()));
    const shapes = [...markup.matchAll(/<path class="(\w+)" d="([^"]*)"/g)].map(([, ...it]) => it);
    const [unlit, unknown, lit, today] = shapes;
    assertEquals(unlit, ["unlit", "M9 30.5H11M12 30.5H13"]);
    assertEquals(unknown?.[1]?.split("M").slice(1, 3), ["13 0.5H24", "0 1.5H24"]);
    assertEquals(unknown?.[1]?.split("M").slice(-2), ["0 30.5H9", "11 30.5H12"]);
    assertEquals(lit, ["lit", "M10 30.5H11M12 30.5H13"]);
    assertEquals(today, ["today", "M0 30H24V31H0z"]);
    assertStringIncludes(markup, '<svg viewBox="0 0 24 31" height="31em"');
    const days = [...markup.matchAll(/<li(?: class="today")?>([^<]*)<\/li>/g)].map(([, day]) =>
      day
    );
    assertEquals(days.slice(0, 31).filter(Boolean), [
      "Jun 7",
      "Jun 12",
      "Jun 17",
      "Jun 22",
      "Jun 27",
      "Jul 2",
      "Today",
    ]);
  },
);

Deno.test("renderMonth() marks no row when today is the same day of another year", LIMIT, () => {
  const context = contextOf({ now: Date.UTC(2027, 6, 7, 13) });
  assertEquals(readMonth(recordOf("..."), context).today, []);
  assertEquals(String(renderMonth(recordOf("..."), context)).includes("Today"), false);
});

Deno.test("renderMonth() describes the grid in text", LIMIT, () => {
  const [, label] = /role="img" aria-label="([^"]*)"/.exec(
    String(renderMonth(recordOf("?#.?##"), contextOf())),
  ) ?? [];
  assertEquals(
    label,
    "Hour by hour from June 7, 2026 at 13:00 UTC to July 7, 2026 at 13:00 UTC: " +
      "2 spells, 716 unknown hours. Today Bitcoin was lit 3 of 4 known hours.",
  );
});

Deno.test.each([
  { hours: 2.9, day: "Jul 7: lit 12:00–13:00" },
  { hours: 5.4, day: "Jul 7: lit 12:00–13:00; unknown 13:00–18:00" },
  { hours: 25, day: "Jul 7: lit 12:00–13:00" },
])("renderRecordDays() begins with “$day” $hours hours after its end", LIMIT, ({ hours, day }) => {
  const context = contextOf({ now: TO + hours * HOUR_MS });
  const record = recordOf(".".repeat(719) + "#");
  const [first] = String(renderRecordDays(record, context)).match(/(?<=<li>)[^<]*/g) ?? [];
  assertEquals(first, day);
  const unknown = 5 * Number(day.includes("unknown"));
  assertStringIncludes(
    String(renderMonth(record, context)),
    `: 1 spell, ${unknown} unknown hours.`,
  );
});

Deno.test("renderRecordDays() lists each day of the reader, newest first", LIMIT, () => {
  const record = recordOf("##.." + "?.##..##.....");
  const lines = String(renderRecordDays(record, contextOf())).match(/(?<=<li>)[^<]*/g) ?? [];
  assertEquals(lines.length, 31);
  assertEquals(lines.slice(0, 3), [
    "Jul 7: lit 02:00–04:00, 06:00–08:00; unknown 00:00–01:00",
    "Jul 6: lit 20:00–22:00; unknown 00:00–20:00",
    "Jul 5: unknown 00:00–24:00",
  ]);
  const unlit = renderRecordDays(
    recordOf(".".repeat(720)),
    contextOf({ timeZone: "Asia/Kathmandu" }),
  );
  assertMatch(textOf(unlit), /^Jul 7: not lit Jul 6: not lit .* Jun 7: not lit$/);
});

Deno.test("renderRecordSection() is right without any record", LIMIT, () => {
  const section = renderRecordSection({ trouble: "no-data" }, contextOf());
  assertStringIncludes(textOf(section), "There is no completed hour to look back on yet.");
  assertStringIncludes(String(section), '<ul id="record-days"></ul>');
  assertEquals(String(section).includes("<svg"), false);
  for (const view of [{}, { trouble: "store-unavailable" } as const]) {
    const unreadable = textOf(renderRecordSection(view, contextOf()));
    assertStringIncludes(unreadable, "The past hours can’t be read right now.");
  }
});

Deno.test("renderRecordSection() says the same numbers in Chinese", LIMIT, () => {
  const record = recordOf("." + "#.".repeat(101) + ".".repeat(509), OUTCOME);
  const section = renderRecordSection({ record }, {
    words: WORDS["zh-CN"],
    formats: createFormats("zh-CN", "Asia/Shanghai"),
    frozenFeed: false,
    now: NOW,
  });
  const text = textOf(section);
  assertStringIncludes(
    text,
    "最近 30 天内，在 712 个有数据的小时中，比特币有 101 个小时处于“火了”状态，共 101 段。",
  );
  assertStringIncludes(
    text,
    "从每段“火了”可确认时算起，24 小时后价格更高 13/23 次 · 57%",
  );
  assertStringIncludes(text, "真实比例可能在 37% 到 74% 之间。");
  assertEquals(/[a-z]{2}/i.test(text), false);
});

Deno.test(
  "renderRecordSection() keeps the worst month small, and nothing inline",
  LIMIT,
  async () => {
    const section = String(
      renderRecordSection({ record: recordOf("#.".repeat(360)) }, contextOf()),
    );
    const stream = new Blob([section]).stream().pipeThrough(new CompressionStream("gzip"));
    const { byteLength } = await new Response(stream).arrayBuffer();
    assert(byteLength < 6_000, `${byteLength} bytes`);
    assertEquals(/ (style|on\w+)=/.test(section), false);
  },
);
