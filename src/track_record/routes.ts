import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { type ContentOptions, createContentCache } from "../http/content.ts";
import { IF_NONE_MATCH, okOrKnown, okWithOrKnown, problems } from "../http/openapi.ts";
import { invalidParameter, readParameters } from "../http/query.ts";
import { encodeJson, type JsonResponse, typed } from "../http/reply.ts";
import type { SummaryOptions } from "../summary/routes.ts";
import { freshUntil } from "../summary/summary.ts";
import { type AtomOptions, renderAtom } from "./atom.ts";
import { DEFAULT_FEE_PERCENT } from "./payoff.ts";
import type { TrackRecordReader } from "./reader.ts";
import { defaultDays, maxDaysOf } from "./track_record.ts";
import { MAX_FEE_PERCENT, TRACK_RECORD, type TrackRecord } from "./wire.ts";

// It changes once an hour, and what it was a minute ago is right for a minute.
const CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600";

const CURVE_DIGITS = 6;

/** The parameters of `GET /track-record`, as they are sent. */
export type TrackRecordQuery = { days?: string; fee?: string };

/** What answering with the track record needs. */
export interface TrackRecordRouteOptions extends SummaryOptions {
  trackRecords: Pick<TrackRecordReader, "get">;
  retentionMs: number;
  staleAfterMs: number;
  publicUrl: string | undefined;
}

/** Answers with the track record of the days that the query names. */
export function trackRecordRoute(
  { trackRecords, retentionMs }: TrackRecordRouteOptions,
): (c: Context, query: TrackRecordQuery) => Promise<JsonResponse<TrackRecord>> {
  const contentOf = createContentCache((record: TrackRecord) =>
    describeContent(encodeJson(roundCurve(record)), "application/json")
  );
  return async (c, query) => {
    const record = await trackRecords.get(parseDays(query, retentionMs), parseFee(query));
    return typed<TrackRecord>(await contentOf(record).reply(c.req.raw));
  };
}

/**
 * Rounds the curve of the pay-off, except its end, which is the result: of 100 dollars all cents stay. The
 * other digits would be a third of a compressed record.
 */
function roundCurve({ payoff, ...record }: TrackRecord): TrackRecord {
  if (payoff === null) return { ...record, payoff };
  const curve = payoff.curve.map((point, i) => {
    if (i === payoff.curve.length - 1) return point;
    return { ...point, hold: round(point.hold), lit_only: round(point.lit_only) };
  });
  return { ...record, payoff: { ...payoff, curve } };
}

function round(value: number): number {
  return Number(value.toPrecision(CURVE_DIGITS));
}

interface FeedSource {
  readonly record: TrackRecord;
  readonly stopped: AtomOptions["stopped"];
}

/** Answers with an Atom feed of the spells of the last 30 days, and of data that has stopped. */
export function atomRoute(options: TrackRecordRouteOptions): (c: Context) => Promise<Response> {
  const { trackRecords, retentionMs, publicUrl } = options;
  const contentOf = createContentCache(({ record, stopped }: FeedSource) =>
    describeContent(
      renderAtom(record, { publicUrl, stopped }),
      "application/atom+xml; charset=utf-8",
    )
  );
  let source: FeedSource | undefined;
  return async (c) => {
    const record = await trackRecords.get(defaultDays(retentionMs));
    const stopped = await readStop(options);
    if (source?.record !== record || source.stopped?.asOf !== stopped?.asOf) {
      source = { record, stopped };
    }
    return await contentOf(source).reply(c.req.raw);
  };
}

async function readStop(
  { summaries, encodeAnswer, staleAfterMs }: TrackRecordRouteOptions,
): Promise<AtomOptions["stopped"]> {
  return await summaries.read((summary) => {
    if (!encodeAnswer(summary).answer.stale) return undefined;
    return { since: freshUntil(summary, staleAfterMs), asOf: Date.parse(summary.as_of) };
  });
}

/** Reads the parameters; one that is repeated would leave open which is meant. */
export function readTrackRecordQuery(query: Record<string, string | string[]>): TrackRecordQuery {
  return readParameters(query, ["days", "fee"]);
}

function parseDays({ days: text }: TrackRecordQuery, retentionMs: number): number {
  if (text === undefined) return defaultDays(retentionMs);
  const maxDays = maxDaysOf(retentionMs);
  const days = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (days >= 1 && days <= maxDays) return days;
  throw invalidParameter("days", `be an integer from 1 to ${maxDays}`, text);
}

function parseFee({ fee: text }: TrackRecordQuery): number {
  if (text === undefined) return DEFAULT_FEE_PERCENT;
  const fee = /^\d(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (fee <= MAX_FEE_PERCENT) return fee;
  throw invalidParameter("fee", `be a number from 0 to ${MAX_FEE_PERCENT}, in percent`, text);
}

function describeContent(body: string, contentType: string): ContentOptions {
  return { body, headers: { "content-type": contentType, "cache-control": CACHE_CONTROL } };
}

function describeQuery(retentionMs: number) {
  const days = z.int().check(z.gte(1), z.lte(maxDaysOf(retentionMs)));
  return z.object({
    days: z._default(days, defaultDays(retentionMs)).check(
      z.describe("How many days back from the last completed hour, up to the retention"),
    ),
    fee: z._default(z.number().check(z.gte(0), z.lte(MAX_FEE_PERCENT)), DEFAULT_FEE_PERCENT).check(
      z.describe("What each switch of the pay-off costs, in percent"),
    ),
  });
}

/** What the OpenAPI document says of these routes in a service with this retention. */
export function describeTrackRecord(retentionMs: number): ZodOpenApiPathsObject {
  const query = describeQuery(retentionMs);
  return {
    "/track-record": {
      get: {
        operationId: "getTrackRecord",
        tags: ["Data"],
        summary: "Did the signal predict anything, and would it have paid?",
        description:
          "What the price did after spells of lit hours, compared with all known hours; and what 1 " +
          "became when held throughout, and when held only while Bitcoin was lit.",
        requestParams: { header: IF_NONE_MATCH, query },
        responses: {
          ...okOrKnown("The track record", TRACK_RECORD),
          ...problems("invalid-request", "no-data", "store-unavailable", "busy"),
        },
      },
    },
    "/feed.atom": {
      get: {
        operationId: "getAtomFeed",
        tags: ["Formats"],
        summary: "Starts and ends of spells, as an Atom feed",
        description:
          "One entry per start or end of a spell of the last 30 days, dated when it could be known; " +
          "and one when the data has stopped.",
        requestParams: { header: IF_NONE_MATCH },
        responses: {
          ...okWithOrKnown("The feed", "application/atom+xml"),
          ...problems("no-data", "store-unavailable"),
        },
      },
    },
  };
}
