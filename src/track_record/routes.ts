import type { Context } from "hono";
import { type ContentOptions, createContentCache } from "../http/content.ts";
import { invalidParameter, readOnce } from "../http/query.ts";
import { encodeJson, type JsonResponse, typed } from "../http/reply.ts";
import { HOUR_MS } from "../samples/bucket.ts";
import { renderAtom } from "./atom.ts";
import { defaultDays, type TrackRecord } from "./track_record.ts";

const DAY_MS = 24 * HOUR_MS;

// It changes once an hour, and what it was a minute ago is right for a minute.
const CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600";

/** The parameters of `GET /track-record`, as they are sent. */
export type TrackRecordQuery = { days?: string };

/** What answering with the track record needs. */
export interface TrackRecordRouteOptions {
  trackRecords: { get(days: number): TrackRecord | Promise<TrackRecord> };
  retentionMs: number;
  publicUrl: string | undefined;
}

/** Answers with the track record of the days that the query names. */
export function trackRecordRoute(
  { trackRecords, retentionMs }: TrackRecordRouteOptions,
): (c: Context, query: TrackRecordQuery) => Promise<JsonResponse<TrackRecord>> {
  const contentOf = createContentCache((record: TrackRecord) =>
    describeContent(encodeJson(record), "application/json")
  );
  return async (c, query) => {
    const record = await trackRecords.get(parseDays(query, retentionMs));
    return typed<TrackRecord>(await contentOf(record).reply(c.req.raw));
  };
}

/** Answers with an Atom feed of the spells of the last 30 days. */
export function atomRoute(
  { trackRecords, retentionMs, publicUrl }: TrackRecordRouteOptions,
): (c: Context) => Promise<Response> {
  const contentOf = createContentCache((record: TrackRecord) =>
    describeContent(renderAtom(record, { publicUrl }), "application/atom+xml; charset=utf-8")
  );
  return async (c) => {
    const record = await trackRecords.get(defaultDays(retentionMs));
    return await contentOf(record).reply(c.req.raw);
  };
}

/** Reads the parameter. */
export function readTrackRecordQuery(query: Record<string, string | string[]>): TrackRecordQuery {
  return readOnce(query, "days");
}

function parseDays({ days: text }: TrackRecordQuery, retentionMs: number): number {
  if (text === undefined) return defaultDays(retentionMs);
  const maxDays = Math.floor(retentionMs / DAY_MS);
  const days = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (days >= 1 && days <= maxDays) return days;
  throw invalidParameter("days", `be an integer from 1 to ${maxDays}`, text);
}

function describeContent(body: string, contentType: string): ContentOptions {
  return { body, headers: { "content-type": contentType, "cache-control": CACHE_CONTROL } };
}
