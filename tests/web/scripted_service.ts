import type { History } from "../../src/history/wire.ts";
import type { Content, PageView } from "../../src/web/view.ts";
import { NOW } from "../helpers/samples.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { EMBED_HEADERS, renderEmbed } from "../../src/web/embed.ts";
import { chooseLanguage } from "../../src/web/language.ts";
import { PAGE_HEADERS, renderPage } from "../../src/web/page.ts";
import { createSiteFiles } from "../../src/web/assets.ts";
import { ASSETS, viewOf } from "./views.ts";

const BUCKET_SECONDS = 900;
const POINTS = 96;

const SITE_FILES = createSiteFiles(ASSETS);

type Route = (request: Request) => Response | Promise<Response>;

/** The page on a service whose responses a test scripts, byte by byte if need be. */
export interface ScriptedService extends AsyncDisposable {
  readonly url: string;
  /** What the page is rendered from, and what the API responds by default. */
  view: PageView;
  history: History;
  /** Routes by their paths; a test replaces them. */
  readonly routes: Map<string, Route>;
  /** Sends a content to all open event streams, and to those that open later, as the service does. */
  send(content: Content): void;
  /** The service's time in Unix milliseconds. */
  now: number;
  /** How many event streams are open. */
  readonly streams: number;
  /** Ends all event streams. */
  endStreams(): void;
}

/** Serves the page of a view. */
export function serveScript(view: PageView): ScriptedService {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let sent: Content | undefined;
  const service: Omit<ScriptedService, "url" | typeof Symbol.asyncDispose> = {
    view,
    history: simulateHistory(),
    now: NOW + 12_000,
    get streams() {
      return streams.size;
    },
    routes: new Map<string, Route>([
      ["/", (request) => respondWithPage(request, { render: renderPage, headers: PAGE_HEADERS })],
      [
        "/embed",
        (request) => respondWithPage(request, { render: renderEmbed, headers: EMBED_HEADERS }),
      ],
      ["/is-bitcoin-lit", () => respondWithAnswer(service.view)],
      ["/history", () => respondWithHistory(service.view, service.history)],
      ["/events", openStream],
      ["/track-record", () => respondWithRecord(service.view)],
    ]),
    send(content) {
      sent = content;
      for (const stream of streams) stream.enqueue(encodeEvent(content));
    },
    endStreams() {
      for (const stream of streams) stream.close();
      streams.clear();
    },
  };

  function respondWithPage(
    request: Request,
    { render, headers }: { render: (view: PageView) => string; headers: HeadersInit },
  ): Response {
    const lang = new URL(request.url).searchParams.get("lang");
    const language = lang === null
      ? service.view.language
      : chooseLanguage(request.headers.get("accept-language"), lang);
    return new Response(render({ ...service.view, language }), { headers });
  }

  function openStream(): Response {
    let stream: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
        streams.add(stream);
        stream.enqueue(encode("retry: 20\nevent: heartbeat\ndata: {}\n\n"));
        if (sent !== undefined) stream.enqueue(encodeEvent(sent));
      },
      cancel() {
        streams.delete(stream);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  const server = serveLocally(async (request) => {
    const { pathname } = new URL(request.url);
    const route = service.routes.get(pathname);
    const response = await (route?.(request) ?? respondWithFile(pathname, service.view));
    response.headers.set("date", new Date(service.now).toUTCString());
    response.headers.set("cross-origin-resource-policy", "cross-origin");
    return response;
  });
  return Object.assign(service, {
    url: server.url,
    async [Symbol.asyncDispose]() {
      service.endStreams();
      await server[Symbol.asyncDispose]();
    },
  });
}

/** Responds as `GET /is-bitcoin-lit` does. */
export function respondWithAnswer(content: Content): Response {
  if ("answer" in content) {
    return Response.json(content.answer, { headers: { etag: tagOf(content) } });
  }
  return Response.json({ type: `/docs/problems#${content.trouble}` }, { status: 503 });
}

/** Responds as `GET /history` does when the content is current. */
export function respondWithHistory(content: Content, history: History): Response {
  return Response.json(history, { headers: { etag: tagOf(content) } });
}

function respondWithRecord({ record }: PageView): Response {
  return record === undefined ? new Response(null, { status: 503 }) : Response.json(record);
}

/** A view with another content. */
export function withContent(view: PageView, content: Content): PageView {
  return { ...viewOf(content), language: view.language };
}

/** 24 hours up to {@linkcode NOW} in which the price falls, then rises to `last`. */
export function simulateHistory(last = 34_500): History {
  const points = Array.from({ length: POINTS }, (_, i) => ({
    time: new Date(NOW - (POINTS - 1 - i) * BUCKET_SECONDS * 1_000).toISOString(),
    price: last - 1_000 * Math.sin(Math.PI * i / (POINTS - 1)),
    sentiment: 0.3 * Math.cos(i / 12),
  }));
  return { bucket_seconds: BUCKET_SECONDS, points };
}

function respondWithFile(path: string, { assets }: PageView): Response {
  const [, asset] = /^\/assets\/\w+\/(.+)$/.exec(path) ?? [];
  const file = asset === undefined ? SITE_FILES.get(path) : assets.files.get(asset);
  if (file === undefined) return new Response(null, { status: 404 });
  return new Response(file.body, { headers: { "content-type": file.contentType } });
}

function encodeEvent(content: Content): Uint8Array {
  if (!("answer" in content)) throw new Error("Cannot send a trouble as an event");
  const data = JSON.stringify(content.answer);
  return encode(`event: summary\nid: ${tagOf(content)}\ndata: ${data}\n\n`);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function tagOf(content: Content): string {
  return "answer" in content ? `"${content.revision}-hash"` : `"0-hash"`;
}
