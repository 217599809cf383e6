import { ifNoneMatch } from "@std/http/etag";
import type { Context, Handler } from "hono";
import { createHash } from "node:crypto";
import type { Clock } from "../core/ports.ts";
import { answerAt, isStale, type Summary } from "../core/summary.ts";
import { reply, type ReplyHeaders } from "./reply.ts";

// The same times as those of the near cache: a shared cache in front may do what it does.
const CACHE_CONTROL = "public, max-age=1, stale-while-revalidate=5, stale-if-error=3600";

/** What the route of the summary needs. */
export interface SummaryRouteOptions {
  summaries: { get(): Summary | Promise<Summary> };
  clock: Clock;
  staleAfterMs: number;
}

interface Encoded {
  readonly summary: Summary;
  readonly stale: boolean;
  readonly body: string;
  readonly etag: string;
  readonly headers: ReplyHeaders;
}

/** Answers with the summary as it is at this moment, encoded once for as long as it stays true. */
export function summaryRoute({ summaries, clock, staleAfterMs }: SummaryRouteOptions): Handler {
  let encoded: Encoded | undefined;

  function encodeOnce(summary: Summary): Encoded {
    const now = clock();
    const stale = isStale(summary, now, staleAfterMs);
    if (encoded?.summary === summary && encoded.stale === stale) return encoded;
    const body = JSON.stringify(answerAt(summary, now, staleAfterMs));
    return encoded = { summary, stale, body, ...describe(body) };
  }

  function answer(c: Context, summary: Summary): Response {
    const { body, etag, headers } = encodeOnce(summary);
    const known = c.req.raw.headers.get("if-none-match");
    if (known !== null && !ifNoneMatch(known, etag)) return reply(c, { status: 304, headers });
    return reply(c, { headers, body });
  }

  return (c) => {
    const summary = summaries.get();
    return summary instanceof Promise
      ? summary.then((loaded) => answer(c, loaded))
      : answer(c, summary);
  };
}

function describe(body: string): Pick<Encoded, "etag" | "headers"> {
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const headers = { "content-type": "application/json", "cache-control": CACHE_CONTROL, etag };
  return { etag, headers };
}
