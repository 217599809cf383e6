/** Headers of one response, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string>>;

const COMMON_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, retry-after, x-request-id",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
} as const;

/**
 * Adds the headers that every response has: CORS and security. Those that are given win. They are part
 * of the response from the start, since changing the headers of a finished one more than halves the
 * throughput of a small route.
 */
export function withCommonHeaders(headers: ResponseHeaders): ResponseHeaders {
  return { ...COMMON_HEADERS, ...headers };
}
