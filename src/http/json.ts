import { ifNoneMatch } from "@std/http/etag";
import type { TypedResponse } from "hono";
import { createHash } from "node:crypto";
import { complete, type CompleteHeaders, reply } from "./reply.ts";

/** A response whose JSON body has the shape `T`: a typed client reads it off the app's type. */
export type JsonResponse<T> = Response & TypedResponse<T, 200, "json">;

/** A body that is encoded once and sent to many, with its headers. */
export interface Encoded<T> {
  readonly value: T;
  readonly body: string;
  readonly etag: string;
  readonly headers: CompleteHeaders;
}

// The same times as those of the near cache: a shared cache in front may do what it does.
const CACHE_CONTROL = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3600";

/** Answers with JSON that nobody may keep. */
export function replyJson<T>(value: T): JsonResponse<T> {
  const headers = complete({ "content-type": "application/json", "cache-control": "no-store" });
  return typed(reply({ headers, body: JSON.stringify(value) }));
}

/** Encodes a value as JSON that may be kept for a moment, with a strong entity tag. */
export function encode<T>(value: T): Encoded<T> {
  const body = JSON.stringify(value);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const contentType = "application/json";
  const headers = complete({ "content-type": contentType, "cache-control": CACHE_CONTROL, etag });
  return { value, body, etag, headers };
}

/** Answers with an encoded value, or with 304 to a client that has it. */
export function replyEncoded<T>(
  request: Request,
  { body, etag, headers }: Encoded<T>,
): JsonResponse<T> {
  const known = request.headers.get("if-none-match");
  const same = known !== null && !ifNoneMatch(known, etag);
  return typed(reply(same ? { status: 304, headers } : { headers, body }));
}

// The shape of the body exists in types only: no value carries it.
function typed<T>(response: Response): JsonResponse<T> {
  return response as JsonResponse<T>;
}
