import type { Context, MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import { ok, problems } from "../http/openapi.ts";
import { ProblemError } from "../http/problem.ts";
import { type JsonResponse, replyJson } from "../http/reply.ts";
import type { Refresher } from "./refresher.ts";
import { REFRESH_REPORT, type RefreshReport } from "./wire.ts";

const MAX_BODY_BYTES = 1_024;

/** What refreshing on demand needs. */
export interface RefreshOptions {
  refresher: Pick<Refresher, "request">;
}

/** Refuses large bodies: a body has no meaning here. */
export const LIMIT_BODY: MiddlewareHandler = async (c, next) => {
  if (await exceeds(c.req.raw.body, MAX_BODY_BYTES)) {
    const detail = `POST /refresh takes up to ${MAX_BODY_BYTES} bytes`;
    throw new ProblemError("content-too-large", detail);
  }
  await next();
};

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
): (c: Context) => Promise<JsonResponse<RefreshReport>> {
  return async () => {
    const { report, isReplayed } = await refresher.request();
    return replyJson({ ...report, ...isReplayed && { replayed: true } });
  };
}

/**
 * Whether a body has more bytes than `limit`. Hono's `bodyLimit` leaves the rest of a body without a
 * length unread, and the next request on its connection then waits for ever.
 */
async function exceeds(body: Request["body"], limit: number): Promise<boolean> {
  let bytes = 0;
  try {
    // Leaving the loop cancels the rest.
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > limit) return true;
    }
    return false;
  } catch {
    // The client ended the body early: nothing to log.
    throw new ProblemError("invalid-request", "The body ended before it was complete");
  }
}

/** What the OpenAPI document says of refreshes. */
export const REFRESH_PATHS: ZodOpenApiPathsObject = {
  "/refresh": {
    post: {
      operationId: "refresh",
      tags: ["Data"],
      summary: "Ask the feed now",
      description:
        "Stores what is new and returns a report. Within the minimum interval, or while another " +
        "instance refreshes, it returns the result of the last refresh with `replayed`; for that of " +
        "the first refresh of all it waits up to 2 s. If the service has a token, the request needs it.",
      security: [{}, { token: [] }],
      responses: {
        ...ok("The report", REFRESH_REPORT),
        ...problems(
          "unauthorized",
          "content-too-large",
          "feed-unavailable",
          "feed-invalid",
          "feed-timeout",
          "store-unavailable",
          "busy",
        ),
      },
    },
  },
};
