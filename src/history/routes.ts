import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { type ContentOptions, createContentCache } from "../http/content.ts";
import type { ConnectionInfo } from "../http/handler.ts";
import { IF_NONE_MATCH, okOrKnown, okWithOrKnown, problems } from "../http/openapi.ts";
import { readParameters } from "../http/query.ts";
import { encodeJson, type JsonResponse, typed } from "../http/reply.ts";
import { MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS } from "../summary/answer.ts";
import { toCsv } from "./history.ts";
import type { HistoryReader, RevisedHistory } from "./reader.ts";
import { type HistoryQuery, maxHoursOf, parseSpan } from "./span.ts";
import { HISTORY, type History } from "./wire.ts";

// An old history is correct, only incomplete.
const CACHE_CONTROL = `public, max-age=${MAX_AGE_SECONDS}, ` +
  `stale-while-revalidate=${STALE_WHILE_REVALIDATE_SECONDS}, stale-if-error=60`;

/** What answering with a history needs. */
export interface HistoryOptions {
  histories: Pick<HistoryReader, "get">;
  retentionMs: number;
}

/** Answers with the averages per bucket of the span that the query names. */
export function historyRoute(
  { histories, retentionMs }: HistoryOptions,
): (c: Context, query: HistoryQuery) => Promise<JsonResponse<History>> {
  const contentOf = createContentCache(describeJson);
  return async (c, query) => {
    const history = await histories.get(parseSpan(query, retentionMs), addressOf(c));
    return typed<History>(await contentOf(history).reply(c.req.raw));
  };
}

/** Answers with the same as comma-separated values. */
export function historyCsvRoute(
  { histories, retentionMs }: HistoryOptions,
): (c: Context, query: HistoryQuery) => Promise<Response> {
  const contentOf = createContentCache(describeCsv);
  return async (c, query) => {
    const history = await histories.get(parseSpan(query, retentionMs), addressOf(c));
    return await contentOf(history).reply(c.req.raw);
  };
}

/** Reads the parameters; one that is repeated would leave open which is meant. */
export function readHistoryQuery(query: Record<string, string | string[]>): HistoryQuery {
  return readParameters(query, ["hours", "from", "to", "bucket"]);
}

/** The address of the client, which a call without a connection lacks, and `c.env` with it. */
function addressOf({ env }: Context<{ Bindings: ConnectionInfo }>): string | undefined {
  return env?.remoteAddr.hostname;
}

function describeJson({ history, revision }: RevisedHistory): ContentOptions {
  const headers = { "content-type": "application/json", "cache-control": CACHE_CONTROL };
  return { body: encodeJson(history), revision, headers };
}

function describeCsv({ history, revision }: RevisedHistory): ContentOptions {
  const headers = {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": 'inline; filename="history.csv"',
    "cache-control": CACHE_CONTROL,
  };
  return { body: toCsv(history.points), revision, headers };
}

const MOMENT = z.string().check(z.meta({ examples: ["2021-07-07T12:00:00Z", "1625659200"] }));

function describeQuery(retentionMs: number) {
  const hours = z.int().check(z.gte(1), z.lte(maxHoursOf(retentionMs)));
  return z.object({
    hours: z.optional(hours).check(
      z.describe("How far back from the newest sample, up to the retention; 24 without `from`"),
    ),
    from: z.optional(MOMENT).check(
      z.describe("The start, RFC 3339 or Unix seconds; not together with `hours`"),
    ),
    to: z.optional(MOMENT).check(
      z.describe(
        "The end, exclusive; the newest sample if absent. Both are widened to whole buckets",
      ),
    ),
    bucket: z.optional(z.string().check(z.regex(/^\d{1,7}[smhd]$/))).check(
      z.describe(
        "The length of a bucket, such as `30s`, `5m`, `1h` or `1d`, at most 2,000 in all; else the " +
          "first of 5m, 15m, 30m, 1h, 2h, 6h and 1d that gives no more",
      ),
    ),
  });
}

/** What the OpenAPI document says of these routes in a service with this retention. */
export function describeHistory(retentionMs: number): ZodOpenApiPathsObject {
  const query = describeQuery(retentionMs);
  return {
    "/history": {
      get: {
        operationId: "getHistory",
        tags: ["Data"],
        summary: "Averages per bucket",
        description:
          "For charts, and for programs that fetch what is new. It counts back from the newest sample, " +
          "or begins at `from`; oldest bucket first.",
        requestParams: { header: IF_NONE_MATCH, query },
        responses: {
          ...okOrKnown("The averages, oldest first", HISTORY),
          ...problems("invalid-request", "store-unavailable", "busy"),
        },
      },
    },
    "/history.csv": {
      get: {
        operationId: "getHistoryAsCsv",
        tags: ["Data"],
        summary: "Averages per bucket, for spreadsheets",
        description: "The same as `/history`, as comma-separated values with a header.",
        requestParams: { header: IF_NONE_MATCH, query },
        responses: {
          ...okWithOrKnown("The averages, oldest first", "text/csv"),
          ...problems("invalid-request", "store-unavailable", "busy"),
        },
      },
    },
  };
}
