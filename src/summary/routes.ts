/**
 * The hot route. It answers with a clone of a prebuilt `Response`: with Hono's `c.json()` and middleware
 * for CORS and security headers it answers less than half as many requests. Beside a new `Response` from
 * prebuilt `Headers`, the clone saves a tenth of the process's time per request.
 *
 * @module
 */

import type { Context } from "hono";
import {
  encodeJson,
  type JsonResponse,
  matchesEntityTag,
  typed,
  withCommonHeaders,
} from "../http/reply.ts";
import { StoreError } from "../redis/command.ts";
import type { EncodedAnswer } from "./answer.ts";
import { badgeJson, renderBadge } from "./badge.ts";
import { NoDataError } from "./load.ts";
import { type Answer, type RevisedSummary, type State, stateOf } from "./summary.ts";

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
    // A promise costs time, and most answers are ready.
    return summary instanceof Promise
      ? summary.then((loaded) => replyAnswer(c.req.raw, encodeAnswer(summaries.kept ?? loaded)))
      : replyAnswer(c.req.raw, encodeAnswer(summary));
  };
}

function replyAnswer(request: Request, { etag, response, notModified }: EncodedAnswer) {
  const known = request.headers.get("if-none-match");
  const isKnown = known !== null && matchesEntityTag(known, etag);
  return typed<Answer>((isKnown ? notModified : response).clone());
}

/** Answers with the state as one word; without data it is a problem. */
export function litTextRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { answer, cacheControl } = options.encodeAnswer(await options.summaries.get());
    const body = renderLitText(stateOf(answer));
    return respond(body, "text/plain; charset=utf-8", cacheControl);
  };
}

/** Answers with a badge. It is never an error: sites that embed it would show a broken image. */
export function badgeRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { state, cacheControl } = await readState(options);
    return respond(await renderBadge(state), "image/svg+xml; charset=utf-8", cacheControl);
  };
}

/** Answers with the same for shields' endpoint badge. */
export function badgeJsonRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { state, cacheControl } = await readState(options);
    return respond(encodeJson(badgeJson(state)), "application/json", cacheControl);
  };
}

/** Reads the state; `undefined` if there is none now. Only a known one may be cached. */
async function readState({ summaries, encodeAnswer }: SummaryOptions) {
  const summary = await Promise.resolve(summaries.get()).catch(unlessUnavailable);
  if (summary === undefined) return { state: undefined, cacheControl: "no-store" };
  return describe(encodeAnswer(summary));
}

function describe({ answer, cacheControl }: EncodedAnswer) {
  const state = stateOf(answer);
  return { state, cacheControl: state === "stale" ? "no-store" : cacheControl };
}

function unlessUnavailable(error: unknown): RevisedSummary | undefined {
  if (error instanceof NoDataError || error instanceof StoreError) return undefined;
  throw error;
}

function respond(body: string, contentType: string, cacheControl: string): Response {
  const headers = withCommonHeaders({ "content-type": contentType, "cache-control": cacheControl });
  return new Response(body, { headers });
}

const WORDS = { lit: "yes", unlit: "no", stale: "unknown" } as const satisfies Record<
  State,
  string
>;

/** Renders a state for `/lit.txt`: `yes`, `no` or `unknown`, and a newline. */
export function renderLitText(state: State): string {
  return `${WORDS[state]}\n`;
}
