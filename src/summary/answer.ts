import { createEntityTag, encodeJson, toNotModified, withCommonHeaders } from "../http/reply.ts";
import type { Clock } from "../samples/clock.ts";
import { answerAt, type AnswerOptions, freshUntil } from "./summary.ts";
import type { Answer, RevisedSummary } from "./wire.ts";

const HEADERS_MAX_AGE_MS = 1_000;

// A shared cache in front delays a change by at most the sum of these two. Histories use them too.
/** How long caches may use an answer without asking, in seconds. */
export const MAX_AGE_SECONDS = 1;

/** How much longer they may use it while they ask, in seconds. */
export const STALE_WHILE_REVALIDATE_SECONDS = 5;

const STALE_IF_ERROR_SECONDS = 3_600;

/** An answer as it is sent: encoded once for as long as it stays true. */
export interface EncodedAnswer {
  readonly answer: Answer;
  readonly revision: number;
  readonly body: string;
  readonly etag: string;
  readonly cacheControl: string;
  /** What clients get a clone of: a clone costs a third of a new response with the same headers. */
  readonly response: Response;
  /** The same, for clients that have this answer already. */
  readonly notModified: Response;
}

/** What encoding answers needs. */
export interface AnswerEncoderOptions extends AnswerOptions {
  clock: Clock;
}

/** Encodes the answer to a summary at this moment; its headers are at most a second old. */
export function createAnswerEncoder(
  options: AnswerEncoderOptions,
): (summary: RevisedSummary) => EncodedAnswer {
  const { clock, staleAfterMs } = options;
  let last: { of: RevisedSummary; until: number; from: number; encoded: EncodedAnswer } | undefined;
  return (summary) => {
    const now = clock.now();
    const known = last?.of === summary ? last : undefined;
    if (known !== undefined && now >= known.from && now <= known.until) return known.encoded;
    const encoded = encodeAt(summary, { ...options, now, known: known?.encoded });
    // Without the limit, an answer could stay fresh for a second after it went stale.
    const limit = encoded.answer.stale ? Infinity : freshUntil(summary, staleAfterMs);
    last = { of: summary, from: now, until: Math.min(now + HEADERS_MAX_AGE_MS, limit), encoded };
    return encoded;
  };
}

function encodeAt(
  summary: RevisedSummary,
  options: AnswerOptions & { now: number; known: EncodedAnswer | undefined },
): EncodedAnswer {
  const { now, known, staleAfterMs } = options;
  const answer = answerAt(summary, now, options);
  const { body, etag } = known !== undefined && known.answer.stale === answer.stale
    ? known
    : encodeBody(answer, summary.revision);
  const cacheControl = describeCaching(
    answer.stale ? undefined : freshUntil(summary, staleAfterMs) - now,
  );
  if (known?.etag === etag && known.cacheControl === cacheControl) return known;
  const headers = new Headers(withCommonHeaders({
    "content-type": "application/json",
    "cache-control": cacheControl,
    etag,
  }));
  const response = new Response(body, { headers });
  const notModified = new Response(null, { status: 304, headers: toNotModified(headers) });
  return { answer, revision: summary.revision, body, etag, cacheControl, response, notModified };
}

function encodeBody(answer: Answer, revision: number) {
  const body = encodeJson(answer);
  return { body, etag: createEntityTag(body, revision) };
}

/**
 * Describes how long caches may keep an answer: never past the moment at which it goes stale, or an
 * hour if it is stale already.
 */
function describeCaching(freshForMs: number | undefined): string {
  const total = freshForMs === undefined ? STALE_IF_ERROR_SECONDS : secondsLeft(freshForMs);
  const maxAge = Math.min(MAX_AGE_SECONDS, total);
  const revalidate = Math.min(STALE_WHILE_REVALIDATE_SECONDS, total - maxAge);
  const ifError = Math.min(STALE_IF_ERROR_SECONDS, total - maxAge - revalidate);
  return `public, max-age=${maxAge}, stale-while-revalidate=${revalidate}, stale-if-error=${ifError}`;
}

/** Subtracts the time for which headers are reused: otherwise caches would keep answers too long. */
function secondsLeft(freshForMs: number): number {
  return Math.max(0, Math.floor((freshForMs - HEADERS_MAX_AGE_MS) / 1_000));
}
