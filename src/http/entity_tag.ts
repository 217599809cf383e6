import { createHash } from "node:crypto";

const HASH_LENGTH = 22;

/**
 * Returns the strong entity tag of a body, `"<revision>-<hash>"`: equal hashes mean that nothing
 * changed, and of two tags the one with the higher revision is newer.
 */
export function createEntityTag(body: string | Uint8Array, revision = 0): string {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, HASH_LENGTH);
  return `"${revision}-${hash}"`;
}

/** Adds what tells an encoding of a body from the body itself. */
export function tagEncoding(etag: string, encoding: string): string {
  return `${etag.slice(0, -1)}.${encoding}"`;
}

/** Returns the hash in an entity tag; the whole text if it is none of ours. */
export function hashOf(etag: string): string {
  return /^"?\d+-([\w-]+)"?$/.exec(etag)?.[1] ?? etag;
}

/**
 * Whether `If-None-Match` names the entity tag (RFC 9110, section 13.1.2). It takes time linear in the
 * header: with the standard library's regular expression, 60,000 blanks held up every client for 3 s.
 */
export function matchesEntityTag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag) return true;
  return ifNoneMatch.split(",").some((part) => {
    const candidate = part.trim();
    return candidate === "*" || candidate === etag || candidate === `W/${etag}`;
  });
}
