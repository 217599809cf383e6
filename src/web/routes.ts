import type { Context } from "hono";
import type { Feed, FeedDescription, Language } from "../feeds/feed.ts";
import { Content, createContentCache } from "../http/content.ts";
import { ProblemError } from "../http/problem.ts";
import type { ResponseHeaders } from "../http/reply.ts";
import { StoreError } from "../redis/command.ts";
import type { Clock } from "../samples/clock.ts";
import { LruMap } from "../samples/lru_map.ts";
import type { EncodedAnswer } from "../summary/answer.ts";
import { NoDataError } from "../summary/load.ts";
import type { SummaryOptions } from "../summary/routes.ts";
import type { TrackRecordRouteOptions } from "../track_record/routes.ts";
import { defaultDays } from "../track_record/track_record.ts";
import type { PageView, Trouble } from "./view.ts";
import type { TrackRecord } from "../track_record/wire.ts";

const MINUTE_MS = 60_000;

/** As many pages as there are kinds, languages and states in use at once. */
const MAX_KEPT_PAGES = 16;

/** The pages for people. */
export interface Pages {
  readonly PAGE_HEADERS: ResponseHeaders;
  readonly EMBED_HEADERS: ResponseHeaders;
  chooseLanguage(acceptLanguage: string | null, lang: string | null): Language;
  renderPage(view: PageView): string;
  renderEmbed(view: PageView): string;
}

/** What answering with a page needs. */
export interface PageOptions extends SummaryOptions, TrackRecordRouteOptions {
  clock: Clock;
  feed: string;
  loadFeed: () => Promise<Feed>;
  /** Whether the feed's address serves data that no longer changes. */
  hasFrozenFeed: boolean;
  /** Loads the pages when they are first asked for: a start without them is faster. */
  loadWeb: () => Promise<Pages>;
}

type PageKind = "page" | "embed";

/** What a page shows, before it has a language. */
type State = { readonly answer: EncodedAnswer } | { readonly trouble: Trouble };

/** Answers with a page. A missing summary is not an error: the page shows the reason and waits. */
export function pageRoute(kind: PageKind, options: PageOptions): (c: Context) => Promise<Response> {
  const kept = new LruMap<string, Promise<Content>>(MAX_KEPT_PAGES);
  return async (c) => {
    const web = await options.loadWeb();
    const acceptLanguage = c.req.header("accept-language") ?? null;
    const language = web.chooseLanguage(acceptLanguage, c.req.query("lang") ?? null);
    const state = await readState(options);
    const record = kind === "page" ? await readRecord(options) : undefined;
    const key = describeKey({ state, language, record, now: options.clock.now() });
    const content = kept.get(key) ?? renderContent(kind, web, { state, language, record, options });
    kept.set(key, content);
    // One that failed is tried again.
    content.catch(() => kept.forget(key, content));
    return await (await content).reply(c.req.raw);
  };
}

interface Rendering {
  readonly state: State;
  readonly language: Language;
  readonly record: TrackRecord | undefined;
  readonly options: PageOptions;
}

/** A page is rendered once per answer, language, track record and minute. */
function describeKey(
  { state, language, record, now }: Omit<Rendering, "options"> & { now: number },
): string {
  const shown = "answer" in state ? state.answer.etag : state.trouble;
  return [shown, language, record?.to, Math.floor(now / MINUTE_MS)].join(" ");
}

async function renderContent(kind: PageKind, web: Pages, rendering: Rendering): Promise<Content> {
  const { state, language } = rendering;
  const view = createView(rendering, await readDescription(rendering.options));
  const isPage = kind === "page";
  return new Content({
    body: isPage ? web.renderPage(view) : web.renderEmbed(view),
    revision: "answer" in state ? state.answer.revision : undefined,
    headers: {
      ...isPage ? web.PAGE_HEADERS : web.EMBED_HEADERS,
      "content-language": language,
    },
    vary: "accept-language",
  });
}

function createView(
  { state, language, record, options }: Rendering,
  description: FeedDescription,
): PageView {
  const { feed, clock, publicUrl, hasFrozenFeed } = options;
  const common = {
    feed,
    description,
    language,
    publicUrl,
    record,
    now: clock.now(),
    frozenFeed: hasFrozenFeed,
  };
  if ("trouble" in state) return { ...common, trouble: state.trouble };
  const { answer, revision } = state.answer;
  return { ...common, answer, revision };
}

async function readState({ summaries, encodeAnswer }: PageOptions): Promise<State> {
  try {
    return await summaries.read((summary) => ({ answer: encodeAnswer(summary) }));
  } catch (error) {
    if (error instanceof NoDataError) return { trouble: "no-data" };
    if (error instanceof StoreError) return { trouble: "store-unavailable" };
    throw error;
  }
}

/** Reads the track record; the page does without it while the store is away. */
async function readRecord(
  { trackRecords, retentionMs }: PageOptions,
): Promise<TrackRecord | undefined> {
  try {
    return await trackRecords.get(defaultDays(retentionMs));
  } catch (error) {
    if (error instanceof NoDataError || error instanceof StoreError) return undefined;
    throw error;
  }
}

async function readDescription({ loadFeed }: PageOptions): Promise<FeedDescription> {
  return (await loadFeed()).description;
}

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
