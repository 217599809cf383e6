import type { Translations } from "../feeds/feed.ts";
import type { State } from "../summary/states.js";
import type { Answer } from "../summary/wire.ts";
import type { Transition } from "./wire.ts";

/** What a webhook is told; each receiver gets the part that it can read. */
export interface WebhookMessage {
  /** The `webhook-id`: a receiver drops a message whose id it has seen. */
  readonly id: string;
  /** Such as `bitcoin.lit`. */
  readonly type: string;
  /** When the state began, ISO 8601, UTC. */
  readonly timestamp: string;
  /** A few words in ASCII. */
  readonly title: string;
  /** The name of a picture, as ntfy knows it. */
  readonly tag: string;
  /** One sentence for people, and the address of the page if that is known. */
  readonly texts: Translations;
  /** The address of the page. */
  readonly link: string | undefined;
  readonly data: Answer;
}

/** What {@linkcode composeMessage} needs. */
export interface MessageOptions {
  id: string;
  transition: Transition;
  answer: Answer;
  /** The address of the page, to which the text links. @default none */
  publicUrl?: string | undefined;
}

const LOOKS: Readonly<Record<State, { readonly title: string; readonly tag: string }>> = {
  lit: { title: "Bitcoin is lit", tag: "fire" },
  unlit: { title: "Bitcoin is not lit", tag: "snowflake" },
  stale: { title: "Is Bitcoin lit? Unknown", tag: "hourglass" },
};

const PRICE_ZH = { rising: "上涨", falling: "下跌", flat: "持平" } as const;
const SENTIMENT_ZH = { rising: "升温", falling: "降温", flat: "持平" } as const;

/** Composes the message about a transition. */
export function composeMessage(
  { id, transition: { state, since }, answer, publicUrl: link }: MessageOptions,
): WebhookMessage {
  const withLink = (text: string) => [text, link].filter(Boolean).join(" ");
  return {
    id,
    type: `bitcoin.${state}`,
    timestamp: new Date(since).toISOString(),
    ...LOOKS[state],
    texts: {
      "en": withLink(describeInEnglish(state, answer)),
      "zh-CN": withLink(describeInChinese(state, answer)),
    },
    link,
    data: answer,
  };
}

function describeInEnglish(state: State, answer: Answer): string {
  if (state === "stale") {
    return `It is unknown whether Bitcoin is lit: the newest data is from ${answer.as_of}.`;
  }
  const directions =
    `price is ${answer.price_direction}, sentiment is ${answer.sentiment_direction}`;
  return `${LOOKS[state].title}: ${directions}.`;
}

function describeInChinese(state: State, answer: Answer): string {
  if (state === "stale") {
    return `暂时无法判断比特币火没火：最新数据的时间为 ${answer.as_of}。`;
  }
  const price = PRICE_ZH[answer.price_direction];
  const sentiment = SENTIMENT_ZH[answer.sentiment_direction];
  return `比特币${state === "lit" ? "火了" : "没火"}：价格${price}，情绪${sentiment}。`;
}
