import type { TypedResponse } from "hono";
import { withCommonHeaders } from "./headers.ts";

/** A response whose JSON body has the shape `T`: a typed client reads it off the app's type. */
export type JsonResponse<T> = Response & TypedResponse<T, 200, "json">;

const HEADERS = new Headers(withCommonHeaders({
  "content-type": "application/json",
  "cache-control": "no-store",
}));

/** Writes JSON with a newline at its end, so that a shell prompt starts on a line of its own. */
export function encodeJson(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** Answers with JSON that must not be cached. */
export function replyJson<T>(value: T): JsonResponse<T> {
  return typed(new Response(encodeJson(value), { headers: HEADERS }));
}

/** Marks a response as JSON of the shape `T`: the shape exists in types only. */
export function typed<T>(response: Response): JsonResponse<T> {
  return response as JsonResponse<T>;
}
