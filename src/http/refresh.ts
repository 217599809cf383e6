import type { Context, MiddlewareHandler, Next } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { bodyLimit } from "hono/body-limit";
import type { RefreshReport } from "../core/refresh_report.ts";
import type { Refresher } from "../use_cases/refresher.ts";
import { type JsonResponse, replyJson } from "./json.ts";
import { ProblemError } from "./problem.ts";

const MAX_BODY_BYTES = 1_024;

/** The report of a refresh, or that of an earlier one. */
export type RefreshAnswer = RefreshReport & {
  /** The report is that of an earlier refresh; absent if it is not. */
  readonly replayed?: true;
};

/** What refreshing on demand needs. */
export interface RefreshOptions {
  refresher: Pick<Refresher, "request">;
}

/** Refuses large bodies: a body has no meaning here. */
export const LIMIT_BODY: readonly [MiddlewareHandler, MiddlewareHandler] = [
  detach,
  bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError() {
      throw new ProblemError(
        "content-too-large",
        `POST /refresh takes up to ${MAX_BODY_BYTES} bytes`,
      );
    },
  }),
];

/** `bodyLimit` copies the request, and Deno logs a warning when the signal of a served one is read. */
function detach(c: Context, next: Next): Promise<void> {
  const { url, method, headers, body } = c.req.raw;
  c.req.raw = new Request(url, { method, headers, body });
  return next();
}

/** Lets only requests with the token pass; without a token, all. */
export function requireToken(token: string | undefined): MiddlewareHandler {
  return token === undefined ? (_, next) => next() : bearerAuth({ token });
}

/** The problem of a request without the token. */
export function unauthorized(): ProblemError {
  return new ProblemError("unauthorized", "Send the header Authorization: Bearer <REFRESH_TOKEN>", {
    headers: { "www-authenticate": 'Bearer realm="is-bitcoin-lit"' },
  });
}

/** Runs a refresh and answers with its report. */
export function refreshRoute(
  { refresher }: RefreshOptions,
): (c: Context) => Promise<JsonResponse<RefreshAnswer>> {
  return async () => {
    const { report, isReplayed } = await refresher.request();
    return replyJson({ ...report, ...isReplayed && { replayed: true } });
  };
}
