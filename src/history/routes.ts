import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { type ContentOptions, createContentCache } from "../http/content.ts";
import type { ConnectionInfo } from "../http/handler.ts";
import { IF_NONE_MATCH, okOrKnown, okWith, problems } from "../http/openapi.ts";
import { invalidParameter, readOnce } from "../http/query.ts";
import { encodeJson, type JsonResponse, typed } from "../http/reply.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../samples/bucket.ts";
import { MAX_AGE_SECONDS, STALE_WHILE_REVALIDATE_SECONDS } from "../summary/answer.ts";
import { type HistorySpan, toCsv } from "./history.ts";
import type { HistoryReader, RevisedHistory } from "./reader.ts";
import { HISTORY, type History } from "./wire.ts";

const DEFAULT_HOURS = "24";

const DEFAULT_BUCKET = "5m";

const MAX_POINTS = 2_000;

// An old history is correct, only incomplete.
const CACHE_CONTROL = `public, max-age=${MAX_AGE_SECONDS}, ` +
  `stale-while-revalidate=${STALE_WHILE_REVALIDATE_SECONDS}, stale-if-error=60`;

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", DAY_MS],
]);

/** The parameters of `GET /history`, as they are sent. */
export type HistoryQuery = { hours?: string; bucket?: string };

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
  return { ...readOnce(query, "hours"), ...readOnce(query, "bucket") };
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

function parseSpan(query: HistoryQuery, retentionMs: number): HistorySpan {
  const { hours: hoursText = DEFAULT_HOURS, bucket = DEFAULT_BUCKET } = query;
  const maxHours = Math.floor(retentionMs / HOUR_MS);
  const hours = /^\d{1,6}$/.test(hoursText) ? Number(hoursText) : NaN;
  if (!(hours >= 1 && hours <= maxHours)) {
    throw invalidParameter("hours", `be an integer from 1 to ${maxHours}`, hoursText);
  }
  const bucketMs = parseDuration(bucket);
  const minMs = hours * HOUR_MS / MAX_POINTS;
  if (!(bucketMs >= minMs && bucketMs <= hours * HOUR_MS)) {
    const bounds = `from ${Math.ceil(minMs / 1_000)}s to ${hours}h for ${hours} hours`;
    throw invalidParameter("bucket", `be a duration such as 30s, 5m or 1h, ${bounds}`, bucket);
  }
  return { hours, bucketMs };
}

function parseDuration(text: string): number {
  const [, count, unit = ""] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  return Number(count) * (UNITS_MS.get(unit) ?? NaN);
}

const HISTORY_QUERY = z.object({
  hours: z._default(z.string().check(z.regex(/^\d+$/)), DEFAULT_HOURS).check(
    z.describe("How far back from the newest sample, in hours, from 1 to the retention"),
  ),
  bucket: z._default(z.string().check(z.regex(/^\d+[smhd]$/)), DEFAULT_BUCKET).check(
    z.describe("The length of a bucket: `30s`, `5m`, `1h`, `1d`; at most 2,000 buckets in all"),
  ),
});

/** What the OpenAPI document says of these routes. */
export const HISTORY_PATHS: ZodOpenApiPathsObject = {
  "/history": {
    get: {
      operationId: "getHistory",
      tags: ["Data"],
      summary: "Averages per bucket",
      description: "For charts. It counts back from the newest sample, oldest bucket first.",
      requestParams: { header: IF_NONE_MATCH, query: HISTORY_QUERY },
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
      requestParams: { query: HISTORY_QUERY },
      responses: {
        ...okWith("The averages, oldest first", "text/csv"),
        ...problems("invalid-request", "store-unavailable", "busy"),
      },
    },
  },
};
