import type { Context } from "hono";
import { NoDataError, StoreError } from "../core/errors.ts";
import type { Clock } from "../core/clock.ts";
import { type Answer, answerAt, type AnswerOptions } from "../core/summary.ts";
import { ProblemError } from "./problem.ts";
import { type ResponseHeaders, withCommonHeaders } from "./headers.ts";
import type { SummaryOptions } from "./summary.ts";

/** What the page tells: an answer, or why there is none. */
export type PageView =
  & ({ readonly answer: Answer } | { readonly trouble: "no-data" | "store-unavailable" })
  & { readonly feed: string; readonly now: number };

/** The page and the files that it loads. */
export interface Web {
  readonly PAGE_HEADERS: ResponseHeaders;
  renderPage(view: PageView): string;
  readAsset(name: string): { readonly body: string; readonly contentType: string } | undefined;
}

/** What it takes to answer with the page. */
export interface PageOptions extends SummaryOptions, AnswerOptions {
  clock: Clock;
  /** Loads the page when it is first asked for: a start without it is faster. */
  loadWeb: () => Promise<Web>;
}

/** Answers with the page. It is no error where there is no summary: the page says so and waits. */
export function pageRoute(options: PageOptions): () => Promise<Response> {
  return async () => {
    const { PAGE_HEADERS, renderPage } = await options.loadWeb();
    const headers = withCommonHeaders({ "cache-control": "no-cache", ...PAGE_HEADERS });
    return new Response(renderPage(await viewPage(options)), { headers });
  };
}

/** Answers with a file that the page loads; its name changes with its content. */
export function assetRoute({ loadWeb }: PageOptions): (c: Context) => Promise<Response> {
  return async (c) => {
    const asset = (await loadWeb()).readAsset(c.req.param("name") ?? "");
    if (asset === undefined) throw new ProblemError("not-found", "The page names its files");
    const { body, contentType } = asset;
    const cacheControl = "public, max-age=31536000, immutable";
    const headers = withCommonHeaders({
      "content-type": contentType,
      "cache-control": cacheControl,
    });
    return new Response(body, { headers });
  };
}

async function viewPage({ summaries, clock, feed, staleAfterMs }: PageOptions): Promise<PageView> {
  const common = { feed, now: clock.now() };
  try {
    const answer = answerAt(await summaries.get(), common.now, { feed, staleAfterMs });
    return { answer, ...common };
  } catch (error) {
    if (error instanceof NoDataError) return { trouble: "no-data", ...common };
    if (error instanceof StoreError) return { trouble: "store-unavailable", ...common };
    throw error;
  }
}
