import * as z from "zod/mini";
import { parseReceiver } from "./notifications/receivers.ts";

/** A text of one form; `requirement` completes "NAME must be …", here and below. */
export function text(form: RegExp, requirement: string) {
  return z.string().check(z.regex(form, requirement));
}

/** An integer between two bounds. */
export function integer({ min, max }: { min: number; max: number }) {
  const requirement = `an integer from ${min} to ${max}`;
  const digits = z.pipe(text(/^\d{1,9}$/, requirement), z.transform(Number));
  return z.pipe(digits, z.number().check(z.gte(min, requirement), z.lte(max, requirement)));
}

/** A host name or an IP address to listen on. */
export function host() {
  const requirement = "a host name or an IP address";
  return text(/^[\w.:-]+$/, requirement).check(z.refine(isHost, requirement));
}

/** One URL of one of the schemes. */
export function url(...schemes: string[]) {
  const requirement = `a URL that starts with ${listSchemes(schemes)}`;
  return z.string().check(z.refine((value) => isUrl(value, schemes), requirement));
}

/** A URL of a website: its readers see it, and paths are added to its end. */
export function websiteUrl() {
  const requirement =
    "a URL that starts with http:// or https://, without user, query and fragment";
  return z.string().check(z.refine(isWebsiteUrl, requirement));
}

/** Distinct URLs, separated by spaces. */
export function urls(most: number, ...schemes: string[]) {
  const requirement = `up to ${most} URLs that start with ${listSchemes(schemes)}`;
  return list({ most, requirement, isValid: (one) => isUrl(one, schemes), distinct: distinctUrls });
}

/** Distinct addresses of webhooks, separated by spaces. */
export function webhookUrls(most: number) {
  const requirement =
    `up to ${most} URLs that start with http:// or https://, or with a receiver ` +
    "before that, such as mattermost+https://";
  return list({ most, requirement, isValid: isWebhookUrl, distinct: distinctWebhooks });
}

interface ListOptions {
  readonly most: number;
  readonly requirement: string;
  readonly isValid: (one: string) => boolean;
  readonly distinct: (all: readonly string[]) => string[];
}

function list({ most, requirement, isValid, distinct }: ListOptions) {
  const complete = `${requirement}, separated by spaces`;
  const split = z.transform((value: string) => value.split(/\s+/).filter(Boolean));
  const given = z.pipe(z.string(), split).check(
    z.refine((all) => all.length > 0 && all.every(isValid), complete),
  );
  return z.pipe(given, z.transform((all: string[]) => distinct(all))).check(
    z.refine((all) => all.length <= most, complete),
  );
}

/** The URL of a Redis server, or those of a cluster's nodes, separated by commas. */
export function redisUrls() {
  const schemes = ["redis", "rediss"];
  const requirement =
    `a URL that starts with ${listSchemes(schemes)} and names a host, or several ` +
    "separated by commas without spaces";
  return z.string().check(
    z.refine((value) => value.split(",").every((one) => isUrl(one, schemes)), requirement),
  );
}

function isUrl(value: string, schemes: readonly string[]): boolean {
  const parsed = /\s/.test(value) ? null : URL.parse(value);
  if (parsed === null || parsed.hostname === "") return false;
  return schemes.some((scheme) => value.startsWith(`${scheme}://`)) && isDecodable(parsed);
}

/** Returns each address once, as it is sent: spelled in the standard way, without a fragment. */
function distinctUrls(urls: readonly string[]): string[] {
  return [...new Set(urls.map(withoutFragment))];
}

function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = "";
  return parsed.href;
}

function isWebsiteUrl(value: string): boolean {
  return isUrl(value, ["http", "https"]) && !/[?#]|^\w+:\/\/[^/]*@/.test(value);
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
const MIN_KEY_BYTES = 24;

const MAX_KEY_BYTES = 64;

/** Returns whether a text is a webhook's address. */
export function isWebhookUrl(text: string): boolean {
  const receiver = parseReceiver(text);
  return receiver !== undefined && isUrl(receiver.url, ["http", "https"]);
}

/** Returns the addresses of different receivers: prefix, fragment and spelling make no difference. */
export function distinctWebhooks(addresses: readonly string[]): string[] {
  const byUrl = new Map<string, string>();
  for (const address of addresses) {
    const receiver = parseReceiver(address);
    if (receiver === undefined || byUrl.has(receiver.url)) continue;
    byUrl.set(receiver.url, `${/^\w+\+/.exec(address)?.[0] ?? ""}${receiver.url}`);
  }
  return [...byUrl.values()];
}

/** Returns whether a text is a secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const [, key = ""] = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/
    .exec(text) ?? [];
  const bytes = key.replace(/=+$/, "").length * 3 >> 2;
  return bytes >= MIN_KEY_BYTES && bytes <= MAX_KEY_BYTES;
}
