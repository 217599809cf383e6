import type { Context } from "hono";
import type { Clock } from "../core/ports.ts";
import {
  type Answer,
  answerAt,
  type AnswerOptions,
  freshUntil,
  type Summary,
} from "../core/summary.ts";
import { encode, type Encoded, type JsonResponse, replyEncoded } from "./json.ts";

/** What it takes to answer with the summary. */
export interface SummaryOptions extends AnswerOptions {
  summaries: { get(): Summary | Promise<Summary> };
  clock: Clock;
}

/** Encodes the answer to a summary at this moment, once for as long as it stays true. */
export function createAnswerEncoder(
  { clock, feed, staleAfterMs }: Omit<SummaryOptions, "summaries">,
): (summary: Summary) => Encoded<Answer> {
  let last: { of: Summary; limit: number; encoded: Encoded<Answer> } | undefined;
  return (summary) => {
    const now = clock();
    if (last?.of === summary && last.encoded.value.stale === now > last.limit) return last.encoded;
    const encoded = encode(answerAt(summary, now, { feed, staleAfterMs }));
    last = { of: summary, limit: freshUntil(summary, staleAfterMs), encoded };
    return encoded;
  };
}

/** Answers with the summary as it is at this moment. */
export function summaryRoute(
  options: SummaryOptions,
): (c: Context) => JsonResponse<Answer> | Promise<JsonResponse<Answer>> {
  const encodeAnswer = createAnswerEncoder(options);
  return (c) => {
    const summary = options.summaries.get();
    // Without a promise where none is needed: most answers are ready.
    return summary instanceof Promise
      ? summary.then((loaded) => replyEncoded(c.req.raw, encodeAnswer(loaded)))
      : replyEncoded(c.req.raw, encodeAnswer(summary));
  };
}
