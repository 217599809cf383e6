import type { Context } from "hono";
import { NoDataError, StoreError } from "../core/errors.ts";
import { stateOf } from "../core/state.ts";
import type { RevisedSummary } from "../core/summary.ts";
import type { EncodedAnswer } from "./answer.ts";
import { badgeJson, renderBadge } from "./badge.ts";
import { withCommonHeaders } from "./headers.ts";
import { encodeJson } from "./json.ts";
import { renderLitText } from "./lit_text.ts";
import type { SummaryOptions } from "./summary.ts";

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
