import type { Context } from "hono";
import { HOUR_MS } from "../core/summary.ts";
import type { History, HistorySpan } from "../use_cases/history.ts";
import { encode, type Encoded, type JsonResponse, replyEncoded } from "./json.ts";
import { ProblemError } from "./problem.ts";

const DEFAULT_HOURS = "24";
const DEFAULT_BUCKET = "5m";
const MAX_POINTS = 2_000;

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: HOUR_MS,
  d: 24 * HOUR_MS,
};

/** The parameters of `GET /history`, as they are sent. */
export type HistoryQuery = { hours?: string; bucket?: string };

/** What it takes to answer with a history. */
export interface HistoryOptions {
  histories: { get(span: HistorySpan): History | Promise<History> };
  retentionMs: number;
}

/** Answers with the averages per bucket of the span that the query names. */
export function historyRoute(
  { histories, retentionMs }: HistoryOptions,
): (c: Context, query: HistoryQuery) => Promise<JsonResponse<History>> {
  const encoded = new WeakMap<History, Encoded<History>>();
  return async (c, query) => {
    const history = await histories.get(parseSpan(query, retentionMs));
    const known = encoded.get(history) ?? encode(history);
    encoded.set(history, known);
    return replyEncoded(c.req.raw, known);
  };
}

/** Takes the parameters that there are; a repeated one would leave open which is meant. */
export function readHistoryQuery(query: Record<string, string | string[]>): HistoryQuery {
  const { hours, bucket } = query;
  if (Array.isArray(hours)) throw invalid("hours", "be given once", hours.join(", "));
  if (Array.isArray(bucket)) throw invalid("bucket", "be given once", bucket.join(", "));
  return { ...hours !== undefined && { hours }, ...bucket !== undefined && { bucket } };
}

function parseSpan(query: HistoryQuery, retentionMs: number): HistorySpan {
  const { hours: hoursText = DEFAULT_HOURS, bucket = DEFAULT_BUCKET } = query;
  const maxHours = Math.floor(retentionMs / HOUR_MS);
  const hours = /^\d{1,6}$/.test(hoursText) ? Number(hoursText) : NaN;
  if (!(hours >= 1 && hours <= maxHours)) {
    throw invalid("hours", `be an integer from 1 to ${maxHours}`, hoursText);
  }
  const bucketMs = parseDuration(bucket);
  const leastMs = hours * HOUR_MS / MAX_POINTS;
  if (!(bucketMs >= leastMs && bucketMs <= hours * HOUR_MS)) {
    const bounds = `from ${Math.ceil(leastMs / 1_000)}s to ${hours}h for ${hours} hours`;
    throw invalid("bucket", `be a duration such as 30s, 5m or 1h, ${bounds}`, bucket);
  }
  return { hours, bucketMs };
}

function parseDuration(text: string): number {
  const [, count, unit = ""] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  return Number(count) * (UNITS_MS[unit] ?? NaN);
}

function invalid(parameter: string, requirement: string, value: string): ProblemError {
  const shown = JSON.stringify(value.slice(0, 100));
  return new ProblemError("invalid-request", `${parameter} must ${requirement}, is ${shown}`);
}
