import { assertEquals } from "@std/assert";
import type { TestClock } from "../helpers/clock.ts";
import type { FaultyLink } from "../helpers/faulty_link.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import type { TestService } from "../helpers/service.ts";
import type { Sample } from "../../src/samples/sample.ts";
import type { History } from "../../src/history/wire.ts";

const FIRST_SAMPLE = NOW - 60_000;
const SAMPLE_EVERY_MS = 2_000;

/** What a client saw: a revision, and how many samples of each metric it stands for. */
export interface Seen {
  readonly revision: number;
  readonly samples: number;
}

/** One instance of the service, and what its clients saw. */
export interface Instance {
  readonly service: TestService;
  readonly link: FaultyLink;
  readonly clock: TestClock;
  /** The summaries that were read, in order. */
  readonly read: Seen[];
  /** The summaries that the event stream sent, in order. */
  readonly streamed: Seen[];
  readSummary(): Promise<Seen>;
  readHistory(): Promise<Seen>;
  refresh(): Promise<Response>;
}

/** The first samples of the feed: one of each metric every two seconds. */
export function samplesOf(count: number): Sample[] {
  return Array.from({ length: count }, (_, i) => pairAt(FIRST_SAMPLE + i * SAMPLE_EVERY_MS)).flat();
}

/** Follows the event stream of a service, and remembers what is read from it. */
export async function observe(
  parts: Pick<Instance, "service" | "link" | "clock">,
): Promise<Instance & AsyncDisposable> {
  const { service } = parts;
  const read: Seen[] = [];
  const streamed: Seen[] = [];
  const events = await service.request("/events");
  const following = follow(events, (seen) => streamed.push(seen));
  return {
    ...parts,
    read,
    streamed,
    async readSummary() {
      const response = await service.request("/is-bitcoin-lit");
      const seen = describe(response.headers.get("etag"), await response.json());
      read.push(seen);
      return seen;
    },
    async readHistory() {
      const response = await service.request("/history?hours=1&bucket=2s");
      const { points }: History = await response.json();
      return { revision: revisionOf(response.headers.get("etag")), samples: points.length };
    },
    refresh: () => service.request("/refresh", { method: "POST" }),
    [Symbol.asyncDispose]: () => following.stop(),
  };
}

/** Fails if a client of one of the instances saw something older after something newer. */
export function assertForward(...instances: readonly Instance[]): void {
  for (const { read, streamed } of instances) {
    for (const seen of [read, streamed]) {
      const revisions = seen.map(({ revision }) => revision);
      assertEquals(revisions, revisions.toSorted((a, b) => a - b));
    }
  }
}

function follow(events: Response, onEvent: (seen: Seen) => void) {
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new TypeError("The event stream has no body");
  const reading = (async () => {
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (text + value).split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const [, id, data] = /^id: (.*)\ndata: (.*)$/m.exec(part) ?? [];
        if (id !== undefined) onEvent(describe(id, JSON.parse(data ?? "")));
      }
    }
  })();
  return {
    async stop() {
      await reader.cancel();
      await reading;
    },
  };
}

function describe(etag: string | null, { as_of }: { as_of: string }): Seen {
  const samples = (Date.parse(as_of) - FIRST_SAMPLE) / SAMPLE_EVERY_MS + 1;
  return { revision: revisionOf(etag), samples };
}

function revisionOf(etag: string | null): number {
  return Number(/^"(\d+)-/.exec(etag ?? "")?.[1]);
}
