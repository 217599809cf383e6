import type { Transition } from "./wire.ts";
import type { Answer } from "../summary/wire.ts";
import { stateOf } from "../summary/states.js";

/** A message to a webhook. */
export interface WebhookMessage {
  /** The `webhook-id`: a receiver drops a message whose id it has seen. */
  readonly id: string;
  /** Such as `bitcoin.lit`. */
  readonly type: string;
  /** When the state began, ISO 8601, UTC. */
  readonly timestamp: string;
  /** One sentence for people. */
  readonly text: string;
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

/** Composes the message about a transition. */
export function composeMessage(
  { id, transition: { state, since }, answer, publicUrl }: MessageOptions,
): WebhookMessage {
  return {
    id,
    type: `bitcoin.${state}`,
    timestamp: new Date(since).toISOString(),
    text: [describeAnswer(answer), publicUrl].filter(Boolean).join(" "),
    data: answer,
  };
}

/** Describes an answer in one sentence. */
function describeAnswer(answer: Answer): string {
  const state = stateOf(answer);
  if (state === "stale") {
    return `It is unknown whether Bitcoin is lit: the newest data is from ${answer.as_of}.`;
  }
  const directions =
    `price is ${answer.price_direction}, sentiment is ${answer.sentiment_direction}`;
  return `Bitcoin is ${state === "lit" ? "lit" : "not lit"}: ${directions}.`;
}
