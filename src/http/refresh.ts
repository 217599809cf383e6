import type { Context } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Refresher, RefreshReport } from "../use_cases/refresh.ts";
import { type JsonResponse, replyJson } from "./json.ts";
import { ProblemError } from "./problem.ts";

const MAX_BODY_BYTES = 1_024;

/** What it takes to refresh on demand. */
export interface RefreshOptions {
  refresher: Pick<Refresher, "refresh">;
  /** When set, only a request that bears it is let through. */
  refreshToken: string | undefined;
}

/** Runs a refresh and answers with its report; a body has no meaning, so a large one is refused. */
export function refreshRoute(
  { refresher, refreshToken }: RefreshOptions,
): (c: Context) => Promise<JsonResponse<RefreshReport>> {
  return async (c) => {
    refuseLargeBody(c);
    if (refreshToken !== undefined) demandToken(c, refreshToken);
    return replyJson(await refresher.refresh());
  };
}

function refuseLargeBody(c: Context): void {
  const announced = Number(c.req.header("content-length") ?? 0);
  if (announced <= MAX_BODY_BYTES && !c.req.header("transfer-encoding")) return;
  throw new ProblemError("content-too-large", `POST /refresh takes up to ${MAX_BODY_BYTES} bytes`);
}

function demandToken(c: Context, token: string): void {
  const [, given = ""] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (isSame(given, token)) return;
  throw new ProblemError("unauthorized", "Send the header Authorization: Bearer <REFRESH_TOKEN>", {
    "www-authenticate": 'Bearer realm="is-bitcoin-lit"',
  });
}

/** Compares in constant time; digests make the lengths equal. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
