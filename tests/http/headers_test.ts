import { assertEquals } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";

const TIME_LIMIT = { timeout: 20_000 };

/** What every answer carries. */
const COMMON = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, retry-after, x-request-id",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** What every page for people carries, beside its policy. */
const OF_PAGES = {
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy":
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
};

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; " +
  "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// The test app's data goes stale in 900 s.
const ANSWER = "public, max-age=1, stale-while-revalidate=5, stale-if-error=893";
const HISTORY = "public, max-age=1, stale-while-revalidate=5, stale-if-error=60";
const RECORD = "public, max-age=60, stale-while-revalidate=300, stale-if-error=3600";
const AN_HOUR = "public, max-age=3600";
const FOREVER = "public, max-age=31536000, immutable";

const JSON_TYPE = "application/json";
const HTML = "text/html; charset=utf-8";
const CSS = "text/css; charset=utf-8";
const ENCODED = { "vary": "accept-encoding" };

/** Asks for a path; of an asset's, `*` stands for the hash of this version. */
async function ask(path: string): Promise<Record<string, string>> {
  const { request, streams } = createTestApp();
  const text = path.includes("*")
    ? await (await request(path.startsWith("/docs") ? "/docs" : "/")).text()
    : "";
  const [, hash = ""] = /(?:assets|files)\/(\w+)\//.exec(text) ?? [];
  const response = await request(path.replace("*", hash));
  assertEquals(response.status, 200);
  streams.close();
  await response.body?.cancel().catch(() => {});
  const headers = Object.fromEntries(response.headers);
  // Others pin these two, which depend on the body.
  const { etag: _etag, "content-length": _length, ...others } = headers;
  return others;
}

Deno.test.each<{ path: string; type: string; cache: string; others?: Record<string, string> }>([
  { path: "/is-bitcoin-lit", type: JSON_TYPE, cache: ANSWER },
  {
    path: "/events",
    type: "text/event-stream",
    cache: "no-store, no-transform",
    others: { "x-accel-buffering": "no" },
  },
  { path: "/lit.txt", type: "text/plain; charset=utf-8", cache: ANSWER },
  { path: "/badge.svg", type: "image/svg+xml; charset=utf-8", cache: ANSWER },
  { path: "/badge.json", type: JSON_TYPE, cache: ANSWER },
  { path: "/history", type: JSON_TYPE, cache: HISTORY, others: ENCODED },
  {
    path: "/history.csv",
    type: "text/csv; charset=utf-8; header=present",
    cache: HISTORY,
    others: { ...ENCODED, "content-disposition": 'inline; filename="history.csv"' },
  },
  { path: "/track-record", type: JSON_TYPE, cache: RECORD, others: ENCODED },
  {
    path: "/feed.atom",
    type: "application/atom+xml; charset=utf-8",
    cache: RECORD,
    others: ENCODED,
  },
  {
    path: "/",
    type: HTML,
    cache: "no-cache",
    others: {
      ...OF_PAGES,
      "content-language": "en",
      "content-security-policy": `${PAGE_POLICY}'none'`,
      "vary": "accept-encoding, accept-language",
    },
  },
  {
    path: "/embed",
    type: HTML,
    cache: "no-cache",
    others: {
      ...OF_PAGES,
      "content-language": "en",
      "content-security-policy": `${PAGE_POLICY}*`,
      "cross-origin-embedder-policy": "require-corp",
      "vary": "accept-encoding, accept-language",
    },
  },
  { path: "/assets/*/page.css", type: CSS, cache: FOREVER, others: ENCODED },
  { path: "/assets/0123456789ab/page.css", type: CSS, cache: "no-cache", others: ENCODED },
  { path: "/favicon.ico", type: "image/x-icon", cache: AN_HOUR, others: ENCODED },
  {
    path: "/manifest.webmanifest",
    type: "application/manifest+json",
    cache: AN_HOUR,
    others: ENCODED,
  },
  { path: "/robots.txt", type: "text/plain; charset=utf-8", cache: AN_HOUR, others: ENCODED },
  { path: "/openapi.json", type: JSON_TYPE, cache: AN_HOUR, others: ENCODED },
  {
    path: "/docs",
    type: HTML,
    cache: AN_HOUR,
    others: { ...OF_PAGES, ...ENCODED, "content-security-policy": DOCS_POLICY },
  },
  {
    path: "/docs/files/*/page.js",
    type: "text/javascript; charset=utf-8",
    cache: FOREVER,
    others: ENCODED,
  },
  { path: "/healthz", type: JSON_TYPE, cache: "no-store" },
  { path: "/readyz", type: JSON_TYPE, cache: "no-store" },
  {
    path: "/metrics",
    type: "text/plain; version=0.0.4; charset=utf-8",
    cache: "no-store",
    others: ENCODED,
  },
])("GET $path carries its headers, and no others", TIME_LIMIT, async (row) => {
  assertEquals(await ask(row.path), {
    ...COMMON,
    "cache-control": row.cache,
    "content-type": row.type,
    ...row.others,
  });
});
