import { assertEquals } from "@std/assert";
import { composeMessage } from "../../src/notifications/message.ts";
import { ANSWERS } from "../helpers/webhooks.ts";

const TIME_LIMIT = { timeout: 60_000 };
const SINCE = Date.UTC(2021, 6, 7, 12, 30);

function compose(state: keyof typeof ANSWERS, publicUrl?: string) {
  const transition = { state, since: SINCE };
  return composeMessage({ id: "msg_1", transition, answer: ANSWERS[state], publicUrl });
}

Deno.test("composeMessage() carries the answer and the time of the change", TIME_LIMIT, () => {
  assertEquals(compose("lit"), {
    id: "msg_1",
    type: "bitcoin.lit",
    timestamp: "2021-07-07T12:30:00.000Z",
    title: "Bitcoin is lit",
    tag: "fire",
    texts: {
      "en": "Bitcoin is lit: price is rising, sentiment is rising.",
      "zh-CN": "比特币火了：价格上涨，情绪升温。",
    },
    link: undefined,
    data: ANSWERS.lit,
  });
});

Deno.test("composeMessage() links to the page whose address is known", TIME_LIMIT, () => {
  assertEquals(
    compose("unlit", "https://lit.example").texts,
    {
      "en": "Bitcoin is not lit: price is falling, sentiment is rising. https://lit.example",
      "zh-CN": "比特币没火：价格下跌，情绪升温。 https://lit.example",
    },
  );
});

Deno.test("composeMessage() says how old stale data is", TIME_LIMIT, () => {
  assertEquals(
    compose("stale").texts,
    {
      "en":
        "It is unknown whether Bitcoin is lit: the newest data is from 2021-07-07T12:30:00.000Z.",
      "zh-CN": "暂时无法判断比特币火没火：最新数据的时间为 2021-07-07T12:30:00.000Z。",
    },
  );
});

Deno.test.each(
  [
    { state: "lit", title: "Bitcoin is lit", tag: "fire" },
    { state: "unlit", title: "Bitcoin is not lit", tag: "snowflake" },
    { state: "stale", title: "Is Bitcoin lit? Unknown", tag: "hourglass" },
  ] as const,
)("composeMessage() of $state has the title $title", TIME_LIMIT, ({ state, ...look }) => {
  const { type, title, tag } = compose(state);
  assertEquals({ type, title, tag }, { type: `bitcoin.${state}`, ...look });
});

Deno.test.each(
  [
    { price: "rising", sentiment: "falling", zh: "价格上涨，情绪降温" },
    { price: "falling", sentiment: "flat", zh: "价格下跌，情绪持平" },
    { price: "flat", sentiment: "rising", zh: "价格持平，情绪升温" },
  ] as const,
)("composeMessage() says $price and $sentiment", TIME_LIMIT, ({ price, sentiment, zh }) => {
  const answer = { ...ANSWERS.unlit, price_direction: price, sentiment_direction: sentiment };
  const transition = { state: "unlit", since: SINCE } as const;
  assertEquals(composeMessage({ id: "msg_1", transition, answer }).texts, {
    "en": `Bitcoin is not lit: price is ${price}, sentiment is ${sentiment}.`,
    "zh-CN": `比特币没火：${zh}。`,
  });
});
