import { HTTPException } from "hono/http-exception";
import { type Log, shorten } from "../log.ts";
import type { Clock } from "../samples/clock.ts";
import { LruMap } from "../samples/lru_map.ts";
import type { Problem } from "./wire.ts";
import { encodeJson, type ResponseHeaders, withCommonHeaders } from "./reply.ts";

/** Too many requests at once, or another instance is already doing the work; retry a little later. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/** The end of an answer whose client does not read it; `waitingBytes` wait for it. */
export class SlowReaderError extends Error {
  override readonly name = "SlowReaderError";

  constructor(waitingBytes: number) {
    super(`A client must read its event stream, ${waitingBytes} bytes wait for it`);
  }
}

/** Every problem, by the fragment of its `type`. */
export const PROBLEMS = {
  "invalid-request": { status: 400, title: "The request is invalid" },
  "unauthorized": { status: 401, title: "A token is needed" },
  "not-found": { status: 404, title: "There is nothing at this path" },
  "method-not-allowed": { status: 405, title: "This path does not take this method" },
  "content-too-large": { status: 413, title: "The request's body is too large" },
  "uri-too-long": { status: 414, title: "The request's URL is too long" },
  "internal": { status: 500, title: "Something went wrong here" },
  "feed-unavailable": { status: 502, title: "The feed is unavailable" },
  "feed-invalid": { status: 502, title: "The feed's answer cannot be read" },
  "busy": { status: 503, title: "Too much is going on at once" },
  "no-data": { status: 503, title: "There is no data yet" },
  "store-unavailable": { status: 503, title: "The store is unavailable" },
  "too-many-streams": { status: 503, title: "Too many event streams are open" },
  "feed-timeout": { status: 504, title: "The feed is too slow" },
} as const;

/** The name of a problem. */
export type ProblemName = keyof typeof PROBLEMS;

/** The names of all problems. */
export const PROBLEM_NAMES = Object.keys(PROBLEMS) as ProblemName[];

/** How a problem differs from others of its name. */
export interface ProblemOptions {
  readonly headers?: ResponseHeaders;
  /** Whether it is the result of an earlier refresh. @default false */
  readonly isReplayed?: boolean;
}

/** A fault of a request, thrown by a route. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly problem: ProblemName,
    message: string,
    readonly options: ProblemOptions = {},
  ) {
    super(message);
  }
}

const PROCESS_ID = crypto.randomUUID().slice(0, 8);

let lastId = 0;

/** Creates an id that no other request has; it connects an answer with the log. */
function createRequestId(): string {
  return `${PROCESS_ID}-${++lastId}`;
}

/** Answers with a problem (RFC 9457). */
export function replyProblem(
  { problem, message, options }: ProblemError,
  requestId: string = createRequestId(),
): Response {
  const { status, title } = PROBLEMS[problem];
  const headers = withCommonHeaders({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": requestId,
    ...options.headers,
  });
  const body = encodeJson(
    {
      type: `/docs/problems#${problem}`,
      title,
      status,
      detail: shorten(message),
      request_id: requestId,
      ...options.isReplayed && { replayed: true },
    } satisfies Problem,
  );
  return new Response(body, { status, headers });
}

/** What of a request is logged. */
type RequestFields = Readonly<Record<string, unknown>>;

/** Answers with a problem that the client caused, and logs it at `debug`. */
export function refuse(
  problem: ProblemError,
  log: Pick<Log, "debug">,
  fields: RequestFields,
): Response {
  const requestId = createRequestId();
  log.debug("request refused", { ...fields, ...describeProblem(problem, requestId) });
  return replyProblem(problem, requestId);
}

function describeProblem({ problem, message }: ProblemError, requestId: string) {
  return { problem, detail: message, request_id: requestId };
}

const SHARED_MS = 1_000;

const MAX_KEPT_LINES = 32;

/** What a {@linkcode ProblemReplier} needs. */
export interface ProblemReplierOptions {
  log: Log;
  clock: Pick<Clock, "elapsed">;
}

interface LoggedProblem {
  readonly requestId: string;
  readonly at: number;
  /** How many answers carry its id. */
  answers: number;
}

/**
 * Answers with problems that a route threw. Those of the service are logged under the id of the answer;
 * equal ones within a second share a line and its id, or an outage would fill the log.
 */
export class ProblemReplier {
  readonly #options: ProblemReplierOptions;
  readonly #logged = new LruMap<string, LoggedProblem>(MAX_KEPT_LINES);

  constructor(options: ProblemReplierOptions) {
    this.#options = options;
  }

  /** Answers with a problem; `error` is what it was made from. */
  reply(problem: ProblemError, error: Error, fields: RequestFields): Response {
    const { log, clock } = this.#options;
    if (PROBLEMS[problem.problem].status < 500) return refuse(problem, log, fields);
    const key = `${problem.problem} ${problem.message}`;
    const last = this.#logged.get(key);
    if (last !== undefined && clock.elapsed() - last.at < SHARED_MS) {
      last.answers++;
      return replyProblem(problem, last.requestId);
    }
    const requestId = createRequestId();
    log.warn("request failed", {
      ...fields,
      ...describeProblem(problem, requestId),
      ...error.cause !== undefined && { cause: error.cause },
      ...last !== undefined && { answers_of_last_line: last.answers },
    });
    this.#logged.set(key, { requestId, at: clock.elapsed(), answers: 1 });
    return replyProblem(problem, requestId);
  }
}

/** Logs an error that was not foreseen, and answers with nothing of it but the id of its line. */
export function replyUnforeseen(
  error: unknown,
  log: Pick<Log, "error">,
  fields: RequestFields = {},
): Response {
  const requestId = createRequestId();
  log.error("request failed", { ...fields, request_id: requestId, error });
  return replyProblem(unforeseen(), requestId);
}

export function unforeseen(): ProblemError {
  return new ProblemError("internal", "The fault has been logged under the request id");
}

/** Whether Hono's bearer authentication refused a request. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof HTTPException && (error.status === 401 || error.status === 400);
}
