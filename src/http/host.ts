import { ProblemError } from "./problem.ts";

/** Longer than any name or address, so that parsing one takes no time. */
const HOST = /^(?:[\w.~-]{1,255}|\[[\da-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * Whether the `Host` of a request (`null` if it is missing) is a name or an address with an optional
 * port, and its URL has that form, too. Deno builds the URL from what the client sent, unchecked:
 * `Host: a/metrics?` or the target `http://a?/metrics` would choose another route.
 */
export function hasValidHost(url: string, host: string | null): boolean {
  const authority = authorityOf(url);
  // HTTP/1.0 may omit the header, and HTTP/2 sends it as a part of the URL.
  return isValid(authority) && (host === null || host === authority || isValid(host));
}

/** The problem of a request whose host is not valid. */
export function invalidHost(): ProblemError {
  const detail = "Host must be a name or an IP address with an optional port";
  return new ProblemError("invalid-request", detail);
}

function isValid(host: string): boolean {
  // The form alone would let pass what `new URL` refuses: 999.999.999.999, a:99999, [:::::], xn--a.
  return HOST.test(host) && URL.canParse(`http://${host}/`);
}

function authorityOf(url: string): string {
  const start = url.indexOf("//") + 2;
  const end = url.indexOf("/", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}
