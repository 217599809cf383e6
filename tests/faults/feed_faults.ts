import type { TcpProxy, Toxic } from "../helpers/tcp_proxy.ts";
import * as toxics from "../helpers/toxics.ts";
import type { TestbedOptions } from "./testbed.ts";
import type { ScriptedFeed } from "./scripted_feed.ts";

/** A fault of the feed or of the link to it. */
export interface FeedFault {
  readonly name: string;
  readonly inflict: (feed: ScriptedFeed, link: TcpProxy) => unknown;
  /** What a refresh answers meanwhile: its status, and the name of its problem. */
  readonly refresh: string;
  /** @default the bounds of the feed */
  readonly feedBounds?: TestbedOptions["feedBounds"];
}

const UNAVAILABLE = "502 feed-unavailable";
const INVALID = "502 feed-invalid";
const TIMEOUT = "504 feed-timeout";
const FINE = "200 ";

const DRIP_MS = 100;

/** For faults that end with a timeout. */
const SHORT: TestbedOptions["feedBounds"] = { timeoutMs: 500 };

/** Every fault of the feed. */
export const FEED_FAULTS: readonly FeedFault[] = [
  timesOut(onLink("never answers (toxiproxy's timeout)", toxics.hang(), TIMEOUT)),
  timesOut(
    onLink("sends 20 bytes a second (toxiproxy's bandwidth)", toxics.bandwidth(20), TIMEOUT),
  ),
  timesOut(answers("drips", drip, TIMEOUT)),
  { name: "is down (toxiproxy's down)", inflict: (_, link) => link.down(), refresh: UNAVAILABLE },
  onLink("resets in mid-answer (toxiproxy's reset peer)", toxics.resetPeer(), UNAVAILABLE),
  onLink("closes after 200 bytes (toxiproxy's limit data)", toxics.limitData(200), UNAVAILABLE),
  onLink("takes 500 ms (toxiproxy's latency)", toxics.latency(500), FINE),
  onLink("sends slices of 50 bytes (toxiproxy's slicer)", toxics.slicer(50, 2), FINE),
  onLink("closes slowly (toxiproxy's slow close)", toxics.slowClose(1_000), FINE),
  answers("redirects in a circle", ({ url }) => Response.redirect(url), UNAVAILABLE),
  answers("fails", () => new Response("no", { status: 500 }), UNAVAILABLE),
  answers("answers with garbage", () => new Response("<!doctype html>"), INVALID),
  answers("answers with huge garbage", () => new Response(" ".repeat(20_000_000)), INVALID),
  answers("answers with a gzip bomb", () => gzipped(" ".repeat(20_000_000)), INVALID),
  answers("says gzip and is not", () => sayGzip("[]"), UNAVAILABLE),
];

/** Answers that are unusual but valid. */
export const ODD_ANSWERS: readonly FeedFault[] = [
  {
    name: "has the wrong content type",
    inflict: (feed) => {
      feed.respond = async () =>
        new Response(await feed.answer().text(), { headers: { "content-type": "text/html" } });
    },
    refresh: FINE,
  },
  {
    name: "is compressed",
    inflict: (feed) => feed.respond = async () => gzipped(await feed.answer().text()),
    refresh: FINE,
  },
];

function timesOut(fault: FeedFault): FeedFault {
  return { ...fault, feedBounds: SHORT };
}

function onLink(name: string, toxic: Toxic, refresh: string): FeedFault {
  return { name, inflict: (_, link) => link.toxic = toxic, refresh };
}

function answers(name: string, respond: (request: Request) => Response, refresh: string) {
  return { name, inflict: (feed: ScriptedFeed) => feed.respond = respond, refresh };
}

function drip(): Response {
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(new Uint8Array([0x20])), DRIP_MS);
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(body);
}

function gzipped(text: string): Response {
  const body = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(body, { headers: { "content-encoding": "gzip" } });
}

function sayGzip(text: string): Response {
  return new Response(text, { headers: { "content-encoding": "gzip" } });
}
