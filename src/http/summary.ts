/**
 * The hot route. It builds its `Response` itself, from a prebuilt body and `Headers`: with Hono's
 * `c.json()` and middleware for CORS and security headers it answers less than half as many requests.
 *
 * @module
 */
import type { Context } from "hono";
import type { Answer, RevisedSummary } from "../core/summary.ts";
import type { EncodedAnswer } from "./answer.ts";
import { matchesEntityTag } from "./entity_tag.ts";
import { type JsonResponse, typed } from "./json.ts";

/** What answering with the summary needs. */
export interface SummaryOptions {
  summaries: {
    get(): RevisedSummary | Promise<RevisedSummary>;
    /** The newest summary known: while a promise of `get` resolves, a newer one may come. */
    readonly kept: RevisedSummary | undefined;
  };
  encodeAnswer: (summary: RevisedSummary) => EncodedAnswer;
}

/** Answers with the summary as it is at this moment. */
export function summaryRoute(
  { summaries, encodeAnswer }: SummaryOptions,
): (c: Context) => JsonResponse<Answer> | Promise<JsonResponse<Answer>> {
  return (c) => {
    const summary = summaries.get();
    // Without a promise where none is needed: most answers are ready.
    return summary instanceof Promise
      ? summary.then((loaded) => replyAnswer(c.req.raw, encodeAnswer(summaries.kept ?? loaded)))
      : replyAnswer(c.req.raw, encodeAnswer(summary));
  };
}

function replyAnswer(request: Request, { body, etag, headers }: EncodedAnswer) {
  const known = request.headers.get("if-none-match");
  const isKnown = known !== null && matchesEntityTag(known, etag);
  const response = isKnown
    ? new Response(null, { status: 304, headers })
    : new Response(body, { headers });
  return typed<Answer>(response);
}
