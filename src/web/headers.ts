/** Creates the headers of a page that only the given sources may embed in a frame. */
export function createHeaders({ frameAncestors }: { frameAncestors: string }) {
  return {
    "cache-control": "no-cache",
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "manifest-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${frameAncestors}`,
    ].join("; "),
    "content-type": "text/html; charset=utf-8",
    "vary": "Accept-Language",
  } as const;
}
