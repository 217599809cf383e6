import type { Context } from "hono";
import { type ContentOptions, createContentCache } from "../http/content.ts";
import type { ConnectionInfo } from "../http/handler.ts";
import { invalidParameter, readOnce } from "../http/query.ts";
import { encodeJson, type JsonResponse, typed } from "../http/reply.ts";
import { HOUR_MS } from "../samples/bucket.ts";
import { type History, type HistorySpan, toCsv } from "./history.ts";
import type { RevisedHistory } from "./reader.ts";

const DEFAULT_HOURS = "24";

const DEFAULT_BUCKET = "5m";

const MAX_POINTS = 2_000;

// The first two are the times of the near cache. An old history is correct, only incomplete.
const CACHE_CONTROL = "public, max-age=1, stale-while-revalidate=5, stale-if-error=60";

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", HOUR_MS],
  ["d", 24 * HOUR_MS],
]);

/** The parameters of `GET /history`, as they are sent. */
export type HistoryQuery = { hours?: string; bucket?: string };

/** What answering with a history needs. */
export interface HistoryOptions {
  histories: { get(span: HistorySpan, address?: string): Promise<RevisedHistory> };
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
