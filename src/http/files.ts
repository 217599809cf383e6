import type { Context } from "hono";
import { type Content, createContentCache } from "./content.ts";
import { ProblemError } from "./problem.ts";

const FOREVER = "public, max-age=31536000, immutable";
const AN_HOUR = "public, max-age=3600";

/** A file that the pages need. */
export interface File {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** The files of the pages, by name or path. */
export interface Files {
  readAsset(name: string): File | undefined;
  readSiteFile(path: string): File | undefined;
}

/** What answering with files needs. */
export interface FileOptions {
  loadWeb: () => Promise<Files>;
}

/** Answers with a file that a page loads; its name changes with its content. */
export function assetRoute({ loadWeb }: FileOptions): (c: Context) => Promise<Response> {
  const contentOf = createFileCache(FOREVER);
  return async (c) => {
    const name = c.req.param("name") ?? "";
    return await contentOf((await loadWeb()).readAsset(name)).reply(c.req.raw);
  };
}

/** Answers with a file that clients look for at a fixed path. */
export function siteFileRoute({ loadWeb }: FileOptions): (c: Context) => Promise<Response> {
  const contentOf = createFileCache(AN_HOUR);
  return async (c) => await contentOf((await loadWeb()).readSiteFile(c.req.path)).reply(c.req.raw);
}

function createFileCache(cacheControl: string): (file: File | undefined) => Content {
  const contentOf = createContentCache<File>(({ body, contentType }) => ({
    body,
    headers: { "content-type": contentType, "cache-control": cacheControl },
  }));
  return (file) => {
    if (file === undefined) throw new ProblemError("not-found", "The page names its files");
    return contentOf(file);
  };
}
