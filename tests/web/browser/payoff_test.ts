import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createFormats } from "../../../src/web/browser/format.js";
import { createPayoffPlot, renderPayoff } from "../../../src/web/browser/payoff.js";
import { WORDS } from "../../../src/web/view.ts";
import { RECORD } from "../views.ts";
import type { Payoff } from "../../../src/track_record/wire.ts";

const LIMITS = { timeout: 60_000 };

const EN = { words: WORDS.en, formats: createFormats("en-US", "UTC") };
const ZH = { words: WORDS["zh-CN"], formats: createFormats("zh-CN", "UTC") };

const PAYOFF: Payoff = {
  fee_percent: 0.25,
  hold: 1.031,
  lit_only: 1.012,
  switches: 46,
  hours_held: 101,
  curve: [
    { time: "2021-06-07T12:00:00.000Z", hold: 1, lit_only: 1 },
    { time: "2021-07-07T11:00:00.000Z", hold: 1.031, lit_only: 1.012 },
  ],
};

function textOf(payoff: Payoff | null, context = EN): string {
  const markup = String(renderPayoff({ ...RECORD, payoff }, context));
  return markup.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
}

Deno.test(
  "renderPayoff() has the verdict first, then both amounts, the switches and the fee",
  LIMITS,
  () => {
    assertEquals(
      textOf(PAYOFF),
      "Not after fees: $1.90 less than holding throughout. Held throughout $103.10 Held only while lit $101.20 " +
        "This is what $100 became in 30 days. Holding only while lit took 46 switches at 0.25% each. " +
        "Without fees it would have become $113.55. It describes this period, and is no advice.",
    );
    assertEquals(
      textOf(PAYOFF, ZH),
      "扣除手续费后不划算：比一直持有少 US$1.90。 一直持有 US$103.10 只在“火了”时持有 US$101.20 " +
        "以上是 US$100 在 30 天后的金额。只在“火了”时持有，共买卖 46 次，每次手续费 0.25%。不计手续费则为 US$113.55。" +
        "这只描述这段时间，不构成投资建议。",
    );
  },
);

Deno.test.each([
  {
    lit_only: 1.012,
    switches: 46,
    en: "Not after fees: $1.90 less than holding throughout.",
    zh: "扣除手续费后不划算：比一直持有少 US$1.90。",
  },
  {
    lit_only: 1.012,
    switches: 4,
    en: "No: $1.90 less than holding throughout.",
    zh: "不划算：比一直持有少 US$1.90。",
  },
  {
    lit_only: 1.05,
    switches: 46,
    en: "Yes: $1.90 more than holding throughout.",
    zh: "划算：比一直持有多 US$1.90。",
  },
  { lit_only: 1.03101, switches: 46, en: "It would have made no difference.", zh: "没有差别。" },
])(
  "renderPayoff() says “$en” when 1 became $lit_only in $switches switches",
  LIMITS,
  ({ en, zh, ...result }) => {
    const payoff = { ...PAYOFF, ...result };
    assert(textOf(payoff).startsWith(en), textOf(payoff));
    assert(textOf(payoff, ZH).startsWith(zh), textOf(payoff, ZH));
  },
);

Deno.test("renderPayoff() names the time that has prices", LIMITS, () => {
  const curve = [
    { time: "2021-07-05T12:00:00.000Z", hold: 1, lit_only: 1 },
    { time: "2021-07-07T11:00:00.000Z", hold: 1.031, lit_only: 1.012 },
  ];
  assertStringIncludes(textOf({ ...PAYOFF, curve }), "This is what $100 became in 2 days.");
  assertStringIncludes(textOf({ ...PAYOFF, curve }, ZH), "以上是 US$100 在 2 天后的金额。");
});

Deno.test("renderPayoff() says nothing of fees that were not paid", LIMITS, () => {
  const text = textOf({ ...PAYOFF, lit_only: 1, switches: 0, hours_held: 0 });
  assert(text.startsWith("No: $3.10 less than holding throughout."), text);
  assertEquals(text.includes("Without fees"), false);
});

Deno.test("renderPayoff() says when there are not enough prices", LIMITS, () => {
  assertEquals(textOf(null), "There are not enough prices to say yet.");
  assertStringIncludes(String(renderPayoff(undefined, EN)), "There are not enough prices");
});

Deno.test("createPayoffPlot() shows both curves on one scale", LIMITS, () => {
  const { times, metrics, describe } = createPayoffPlot(PAYOFF, EN);
  assertEquals(times, PAYOFF.curve.map(({ time }) => Date.parse(time) / 1_000));
  const [hold, litOnly] = metrics;
  assertEquals([hold?.values, litOnly?.values], [[100, 103.1], [100, 101.2]]);
  assertEquals([hold?.name, litOnly?.name], ["hold", "lit-only"]);
  assertEquals([hold?.sharesAxis, litOnly?.sharesAxis], [undefined, true]);
  assertEquals(hold?.part, { bottom: 0, top: 1 });
  assertEquals(hold?.scaled, [100, 103.1, 100, 101.2]);
  assertEquals(hold?.scaled, litOnly?.scaled);
  assertEquals([hold?.label(1_234.5), hold?.end(1_234.5)], ["1,234.5", "$1,234.50"]);
  assertEquals(describe(1), "Jul 7, 11:00: held $103.10, only while lit $101.20");
});
