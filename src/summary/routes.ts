/**
 * The hot route. It answers with a clone of a prebuilt `Response`: with Hono's `c.json()` and middleware
 * for CORS and security headers it answers less than half as many requests. Beside a new `Response` from
 * prebuilt `Headers`, the clone saves a tenth of the process's time per request.
 *
 * @module
 */

import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { IF_NONE_MATCH, ok, okOrKnown, okWith, problems } from "../http/openapi.ts";
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
import { type State, STATE_WORDS, stateOf } from "./states.js";
import type { Summaries } from "./summaries.ts";
import { ANSWER, type Answer, BADGE, type RevisedSummary } from "./wire.ts";

/** What answering with the summary needs. */
export interface SummaryOptions {
  summaries: Pick<Summaries, "read">;
  encodeAnswer: (summary: RevisedSummary) => EncodedAnswer;
}

/** Answers with the summary as it is at this moment. */
export function summaryRoute(
  { summaries, encodeAnswer }: SummaryOptions,
): (c: Context) => JsonResponse<Answer> | Promise<JsonResponse<Answer>> {
  return (c) => summaries.read((summary) => replyAnswer(c.req.raw, encodeAnswer(summary)));
}

function replyAnswer(request: Request, { etag, response, notModified }: EncodedAnswer) {
  const known = request.headers.get("if-none-match");
  const isKnown = known !== null && matchesEntityTag(known, etag);
  return typed<Answer>((isKnown ? notModified : response).clone());
}

/** Answers with the state as one word; without data it is a problem. */
export function litTextRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { state, cacheControl } = await readState(options);
    return respond(`${STATE_WORDS[state].reply}\n`, "text/plain; charset=utf-8", cacheControl);
  };
}

/** Answers with a badge. It is never an error: sites that embed it would show a broken image. */
export function badgeRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { state, cacheControl } = await readBadgeState(options);
    return respond(renderBadge(state), "image/svg+xml; charset=utf-8", cacheControl);
  };
}

/** Answers with the same for shields' endpoint badge. */
export function badgeJsonRoute(options: SummaryOptions): (c: Context) => Promise<Response> {
  return async () => {
    const { state, cacheControl } = await readBadgeState(options);
    return respond(encodeJson(badgeJson(state)), "application/json", cacheControl);
  };
}

interface KnownState {
  readonly state: State;
  readonly cacheControl: string;
}

async function readState({ summaries, encodeAnswer }: SummaryOptions): Promise<KnownState> {
  return await summaries.read((summary) => {
    const { answer, cacheControl } = encodeAnswer(summary);
    return { state: stateOf(answer), cacheControl };
  });
}

/** Reads the state; without a summary it is like a stale one. Only a current one may be cached. */
async function readBadgeState(options: SummaryOptions): Promise<KnownState> {
  const unknown = { state: "stale", cacheControl: "no-store" } as const;
  const known = await readState(options).catch((error) => {
    if (error instanceof NoDataError || error instanceof StoreError) return unknown;
    throw error;
  });
  return known.state === "stale" ? unknown : known;
}

function respond(body: string, contentType: string, cacheControl: string): Response {
  const headers = withCommonHeaders({ "content-type": contentType, "cache-control": cacheControl });
  return new Response(body, { headers });
}

/** What the OpenAPI document says of these routes. */
export const SUMMARY_PATHS: ZodOpenApiPathsObject = {
  "/is-bitcoin-lit": {
    get: {
      operationId: "getSummary",
      tags: ["Data"],
      summary: "Is Bitcoin lit?",
      description: "Compares the last three clock hours that have both metrics.",
      requestParams: { header: IF_NONE_MATCH },
      responses: {
        ...okOrKnown("The answer", ANSWER),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
  "/events": {
    get: {
      operationId: "listen",
      tags: ["Data"],
      summary: "The answer as server-sent events",
      description:
        "The answer at once, then an event `summary` at every change. Its data is the JSON of " +
        "`/is-bitcoin-lit`, its id the entity tag. An event `heartbeat` (data `{}`, no id) comes " +
        "every 15 s, and at once if no answer is due: without one for 40 s the connection is dead. " +
        "To try it: `curl -N`, since a page waits for an end.",
      requestParams: {
        header: z.object({
          "Last-Event-ID": z.optional(z.string()).check(
            z.describe("The id of the last event received"),
          ),
        }),
      },
      responses: {
        ...okWith("A stream that stays open", "text/event-stream"),
        ...problems("too-many-streams"),
      },
    },
  },
  "/lit.txt": {
    get: {
      operationId: "getWord",
      tags: ["Formats"],
      summary: "yes, no or unknown",
      description: "One word and a newline. `unknown` means that the data is stale.",
      responses: {
        ...okWith("The word", "text/plain"),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
  "/badge.svg": {
    get: {
      operationId: "getBadge",
      tags: ["Formats"],
      summary: "A badge",
      description: "It is never an error: without a current answer it is grey.",
      responses: { ...okWith("The badge", "image/svg+xml"), ...problems() },
    },
  },
  "/badge.json": {
    get: {
      operationId: "getBadgeAsJson",
      tags: ["Formats"],
      summary: "A badge for the endpoint of shields.io",
      description: "It is never an error: without a current answer it is grey.",
      responses: { ...ok("The badge", BADGE), ...problems() },
    },
  },
};
