import * as z from "zod";

/** A text of one form; `requirement` completes "NAME must be …". */
export function text(form: RegExp, requirement: string) {
  return z.string().regex(form).describe(requirement);
}

/** An integer between two bounds. */
export function integer({ min, max }: { min: number; max: number }) {
  return z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.number().min(min).max(max))
    .describe(`an integer from ${min} to ${max}`);
}

/** A host name or an IP address to listen on. */
export function host() {
  return z.string().regex(/^[\w.:-]+$/).refine(isHost).describe("a host name or an IP address");
}

/** One URL of one of the schemes. */
export function url(...schemes: string[]) {
  return z.string().refine((value) => isUrl(value, schemes))
    .describe(`a URL that starts with ${listSchemes(schemes)}`);
}

/** URLs separated by spaces; one that is repeated counts once. */
export function urls(most: number, ...schemes: string[]) {
  return z.string().transform((value) => [...new Set(value.split(/\s+/).filter(Boolean))])
    .refine((all) => all.length > 0 && all.length <= most)
    .refine((all) => all.every((one) => isUrl(one, schemes)))
    .describe(`up to ${most} URLs that start with ${listSchemes(schemes)}, separated by spaces`);
}

/** The URL of a Redis server, or those of a cluster's nodes, separated by commas. */
export function redisUrls() {
  const schemes = ["redis", "rediss"];
  const requirement = `a URL that starts with ${listSchemes(schemes)} and names a host`;
  return z.string().refine((value) => value.split(",").every((one) => isUrl(one, schemes)))
    .describe(`${requirement}, or several separated by commas without spaces`);
}

/** Hides what may be secret in a value that is shown: a password before `@`, a key after `?`. */
export function hideSecrets(value: string): string {
  return value.replace(/^.*@/s, "***@").replace(/\?.*$/s, "?***");
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  const parsed = /\s/.test(value) ? null : URL.parse(value);
  if (parsed === null || parsed.hostname === "") return false;
  return schemes.some((scheme) => value.startsWith(`${scheme}://`)) && isDecodable(parsed);
}

/** Clients decode user and password; one that cannot be decoded would end the process later. */
function isDecodable({ username, password }: URL): boolean {
  try {
    // Each by itself: the end of one and the start of the other can look like an escape.
    [username, password].forEach(decodeURIComponent);
    return true;
  } catch {
    return false;
  }
}

function isHost(value: string): boolean {
  return URL.canParse(`http://${value.includes(":") ? `[${value}]` : value}/`);
}

function listSchemes(schemes: readonly string[]): string {
  return schemes.map((scheme) => `${scheme}://`).join(" or ");
}
