import type { Context, Handler } from "hono";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Refresher } from "../service/refresh.ts";
import { ProblemError } from "./problem.ts";
import { reply } from "./reply.ts";

/** What the route of the refresh needs. */
export interface RefreshRouteOptions {
  refresher: Pick<Refresher, "refresh">;
  /** When set, only a request that bears it is let through. */
  refreshToken: string | undefined;
}

/** Runs a refresh and answers with its report. */
export function refreshRoute({ refresher, refreshToken }: RefreshRouteOptions): Handler {
  return async (c) => {
    if (refreshToken !== undefined) demandToken(c, refreshToken);
    const report = await refresher.refresh();
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    return reply(c, { headers, body: JSON.stringify(report) });
  };
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
