import { createHash } from "node:crypto";
import { type Content, type ContentOptions, createContentCache } from "./content.ts";
import { ProblemError } from "./problem.ts";

/** A file that pages or their readers load. */
export interface File {
  readonly body: ContentOptions["body"];
  readonly contentType: string;
}

/** The files that the pages of this version load. */
export interface Assets {
  /** Differs if any file does. */
  readonly hash: string;
  /** The files by their names, which stay the same over versions. */
  readonly files: ReadonlyMap<string, File>;
}

const HASH_LENGTH = 12;

const FOREVER = "public, max-age=31536000, immutable";

/** Gives files one hash for all of them. */
export function createAssets(entries: Iterable<readonly [name: string, File]>): Assets {
  const files = new Map(entries);
  const hash = createHash("sha256");
  for (const [name, { body }] of files) hash.update(name).update(body);
  return { hash: hash.digest("hex").slice(0, HASH_LENGTH), files };
}

/**
 * Creates a function that answers with a file by hash and name. With another version's hash it is this
 * version's file, which must not be kept under that hash.
 */
export function createAssetReply(
  { hash, files }: Assets,
): (request: Request, hash: string, name: string) => Promise<Response> {
  const contentForEver = createFileCache(FOREVER);
  const contentForNow = createFileCache("no-cache");
  return async (request, requestedHash, name) => {
    const contentOf = requestedHash === hash ? contentForEver : contentForNow;
    return await contentOf(files.get(name)).reply(request);
  };
}

/** Creates a function that turns each file into its content once, and refuses what is no file. */
export function createFileCache(cacheControl: string): (file: File | undefined) => Content {
  const contentOf = createContentCache<File>(({ body, contentType }) => ({
    body,
    headers: { "content-type": contentType, "cache-control": cacheControl },
  }));
  return (file) => {
    if (file === undefined) throw new ProblemError("not-found", "The page names its files");
    return contentOf(file);
  };
}
