const HOST = /^(?:[\w.~-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;

/**
 * Whether the `Host` of a request is a name or an address with an optional port, and its URL has that
 * form, too. Deno builds the URL from what the client sent, unchecked: `Host: a/metrics?` or the target
 * `http://a?/metrics` would choose another route.
 */
export function hasValidHost(
  { url, headers }: { readonly url: string; readonly headers: Pick<Headers, "get"> },
): boolean {
  const authority = authorityOf(url);
  // HTTP/1.0 may omit the header, and HTTP/2 sends it as a part of the URL.
  const host = headers.get("host") ?? authority;
  return HOST.test(host) && (host === authority || HOST.test(authority));
}

function authorityOf(url: string): string {
  const start = url.indexOf("//") + 2;
  const end = url.indexOf("/", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}
