import { FeedError, NoDataError, StoreError } from "../core/errors.ts";
import type { FeedFault } from "../core/errors.ts";
import { complete, createRequestId, reply, type ReplyHeaders } from "./reply.ts";

/** Every problem there is, by its `type`. */
export const PROBLEMS = {
  "invalid-request": { status: 400, title: "The request is invalid" },
  "unauthorized": { status: 401, title: "A token is needed" },
  "not-found": { status: 404, title: "There is nothing at this path" },
  "method-not-allowed": { status: 405, title: "This path does not take this method" },
  "content-too-large": { status: 413, title: "The request's body is too large" },
  "uri-too-long": { status: 414, title: "The request's URL is too long" },
  "internal": { status: 500, title: "Something went wrong here" },
  "feed-unavailable": { status: 502, title: "The feed is unavailable" },
  "feed-invalid": { status: 502, title: "The feed's answer can't be read" },
  "no-data": { status: 503, title: "There is no data yet" },
  "store-unavailable": { status: 503, title: "The store is unavailable" },
  "too-many-streams": { status: 503, title: "Too many event streams are open" },
  "feed-timeout": { status: 504, title: "The feed is too slow" },
} as const;

/** The `type` of a problem. */
export type ProblemType = keyof typeof PROBLEMS;

/** A fault of a request, thrown by a route. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly type: ProblemType,
    message: string,
    readonly headers: ReplyHeaders = {},
  ) {
    super(message);
  }
}

const RETRY_AFTER_SECONDS = "5";

const FEED_PROBLEMS: Record<FeedFault, ProblemType> = {
  unavailable: "feed-unavailable",
  invalid: "feed-invalid",
  timeout: "feed-timeout",
};

/** Answers with a problem as RFC 9457 has it. */
export function problem(
  { type, message, headers }: ProblemError,
  requestId: string = createRequestId(),
): Response {
  const { status, title } = PROBLEMS[type];
  const contentType = "application/problem+json";
  return reply({
    ...{ status, requestId },
    headers: complete({ "content-type": contentType, "cache-control": "no-store", ...headers }),
    body: JSON.stringify({ type, title, status, detail: message, request_id: requestId }),
  });
}

/** Says what an error means to a client; nothing where it was not foreseen. */
export function toProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof FeedError) {
    return new ProblemError(FEED_PROBLEMS[error.fault], error.message, retryAfter(error));
  }
  const headers = { "retry-after": RETRY_AFTER_SECONDS };
  if (error instanceof NoDataError) return new ProblemError("no-data", error.message, headers);
  if (error instanceof StoreError) {
    return new ProblemError("store-unavailable", error.message, headers);
  }
}

function retryAfter({ retryAfterMs }: FeedError): ReplyHeaders {
  if (retryAfterMs === undefined) return {};
  return { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
}
