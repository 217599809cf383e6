import type { Context } from "hono";
import * as z from "zod/mini";
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from "zod-openapi";
import { type Feed, type Language, LANGUAGES } from "../feeds/feed.ts";
import { type Assets, createAssetReply, createFileCache } from "../http/assets.ts";
import { Content } from "../http/content.ts";
import { IF_NONE_MATCH, okWithOrKnown, problems } from "../http/openapi.ts";
import { StoreError } from "../redis/command.ts";
import { HOUR_MS } from "../samples/bucket.ts";
import { LruMap } from "../samples/lru_map.ts";
import type { EncodedAnswer } from "../summary/answer.ts";
import { NoDataError } from "../summary/load.ts";
import type { Readiness } from "../refresh/wire.ts";
import type { SummaryOptions } from "../summary/routes.ts";
import type { TrackRecordRouteOptions } from "../track_record/routes.ts";
import { defaultDays } from "../track_record/track_record.ts";
import { createSiteFiles, loadAssets } from "./assets.ts";
import { EMBED_HEADERS, renderEmbed } from "./embed.ts";
import { chooseLanguage } from "./language.ts";
import { PAGE_HEADERS, renderPage } from "./page.ts";
import type { PageView, Trouble } from "./view.ts";
import type { TrackRecord } from "../track_record/wire.ts";

/** As many pages as there are kinds, languages and states in use at once. */
const MAX_KEPT_PAGES = 16;

const AN_HOUR = "public, max-age=3600";

/** What answering with pages needs. */
export interface WebOptions extends SummaryOptions, TrackRecordRouteOptions {
  feed: string;
  loadFeed: () => Promise<Feed>;
  /** Whether the feed's address serves data that no longer changes. */
  hasFrozenFeed: boolean;
  checkReadiness: () => Promise<Pick<Readiness, "degraded">>;
}

/** The routes of the pages and their files. */
export type Web = Awaited<ReturnType<typeof createWeb>>;

/** Loads the files of the pages, and creates the routes. */
export async function createWeb(options: WebOptions) {
  const assets = await loadAssets();
  return {
    page: pageRoute("page", assets, options),
    embed: pageRoute("embed", assets, options),
    asset: assetRoute(assets),
    siteFile: siteFileRoute(assets),
  };
}

const KINDS = {
  page: { render: renderPage, headers: PAGE_HEADERS },
  embed: { render: renderEmbed, headers: EMBED_HEADERS },
} as const;

/** What a page shows, before it has a language. */
type State = { readonly answer: EncodedAnswer } | { readonly trouble: Trouble };

interface Rendering {
  readonly state: State;
  readonly language: Language;
  readonly record: TrackRecord | undefined;
  readonly degraded: boolean;
}

/** Answers with a page. A missing summary is not an error: the page shows the reason and waits. */
function pageRoute(kind: keyof typeof KINDS, assets: Assets, options: WebOptions) {
  const { render, headers } = KINDS[kind];
  const readDegraded = createDegradedReader(options);
  // A page is rendered once per answer, language and track record.
  const kept = new LruMap<string, { record: TrackRecord | undefined; content: Promise<Content> }>(
    MAX_KEPT_PAGES,
  );

  async function renderContent(rendering: Rendering): Promise<Content> {
    const { state, language } = rendering;
    return new Content({
      body: render(await createView(rendering, assets, options)),
      revision: "answer" in state ? state.answer.revision : undefined,
      headers: { ...headers, "content-language": language },
      vary: "accept-language",
    });
  }

  return async (c: Context) => {
    const acceptLanguage = c.req.header("accept-language") ?? null;
    const language = chooseLanguage(acceptLanguage, c.req.query("lang") ?? null);
    const state = await readState(options);
    const record = kind === "page" ? await readRecord(options) : undefined;
    const degraded = readDegraded();
    const key = `${"answer" in state ? state.answer.etag : state.trouble} ${language} ${degraded}`;
    const known = kept.get(key);
    const page = known?.record === record && known !== undefined
      ? known
      : { record, content: renderContent({ state, language, record, degraded }) };
    kept.set(key, page);
    // One that failed is tried again.
    page.content.catch(() => kept.forget(key, page));
    return await (await page.content).reply(c.req.raw);
  };
}

async function createView(
  { state, language, record, degraded }: Rendering,
  assets: Assets,
  { feed, loadFeed, publicUrl, hasFrozenFeed, retentionMs }: WebOptions,
): Promise<PageView> {
  const { description } = await loadFeed();
  const common = {
    assets,
    feed,
    description,
    language,
    publicUrl,
    record,
    degraded,
    frozenFeed: hasFrozenFeed,
    maxHours: retentionMs / HOUR_MS,
  };
  if ("trouble" in state) return { ...common, trouble: state.trouble };
  const { answer, revision } = state.answer;
  return { ...common, answer, revision };
}

async function readState({ summaries, encodeAnswer }: WebOptions): Promise<State> {
  try {
    return await summaries.read((summary) => ({ answer: encodeAnswer(summary) }));
  } catch (error) {
    if (error instanceof NoDataError) return { trouble: "no-data" };
    if (error instanceof StoreError) return { trouble: "store-unavailable" };
    throw error;
  }
}

/** Tells what was known at the page before: no page waits for a store that hangs only to say this. */
function createDegradedReader({ checkReadiness }: WebOptions): () => boolean {
  let known = false;
  return () => {
    checkReadiness().then(({ degraded = false }) => known = degraded, () => {});
    return known;
  };
}

/** Reads the track record; the page does without it while the store is away. */
async function readRecord(
  { trackRecords, retentionMs }: WebOptions,
): Promise<TrackRecord | undefined> {
  try {
    return await trackRecords.get(defaultDays(retentionMs));
  } catch (error) {
    if (error instanceof NoDataError || error instanceof StoreError) return undefined;
    throw error;
  }
}

/**
 * Answers with a file that a page loads. A page of another version names another hash: it gets this
 * version's file rather than none.
 */
function assetRoute(assets: Assets): (c: Context) => Promise<Response> {
  const reply = createAssetReply(assets);
  return (c) => reply(c.req.raw, c.req.param("hash") ?? "", c.req.param("name") ?? "");
}

/** Answers with a file that clients look for at a fixed path. */
function siteFileRoute(assets: Assets): (c: Context) => Promise<Response> {
  const files = createSiteFiles(assets);
  const contentOf = createFileCache(AN_HOUR);
  return async (c) => await contentOf(files.get(c.req.path)).reply(c.req.raw);
}

const LANG = z.optional(z.enum(LANGUAGES)).check(z.describe("The language; case does not matter"));

/** What the OpenAPI document says of the pages; their files are theirs alone. */
export const WEB_PATHS: ZodOpenApiPathsObject = {
  "/": {
    get: describePage({
      operationId: "getPage",
      summary: "The page for people",
      description: "In English or simplified Chinese, by `Accept-Language` or `lang`.",
    }),
  },
  "/embed": {
    get: describePage({
      operationId: "getEmbed",
      summary: "The answer for an iframe on any site",
      description: "From 200 × 80 pixels. It keeps itself up to date.",
    }),
  },
};

function describePage(
  texts: Pick<ZodOpenApiOperationObject, "operationId" | "summary" | "description">,
): ZodOpenApiOperationObject {
  return {
    ...texts,
    tags: ["Formats"],
    requestParams: { header: IF_NONE_MATCH, query: z.object({ lang: LANG }) },
    responses: { ...okWithOrKnown("The page", "text/html"), ...problems() },
  };
}
