import { type Bench, inRounds, type Measure, refresh, startWarmService } from "./harness/bench.ts";
import type { Finding, NotRun } from "./harness/finding.ts";
import { residentMegabytes, type Server } from "./harness/server.ts";

const STREAMS = 1_000;
const TIMEOUT_MS = 10_000;

/** Many open event streams: their memory, and how long one summary takes to reach all of them. */
export const events: Measure = { name: "events", measure };

async function measure(bench: Bench): Promise<(Finding | NotRun)[]> {
  const what = `${STREAMS.toLocaleString("en")} open event streams`;
  await using service = await startWarmService(bench);
  if (!await hasEvents(service)) return [{ what, why: "the service has no /events" }];
  const before = await residentMegabytes(service);
  await using streams = await openStreams(service, STREAMS);
  const kilobytes = (await residentMegabytes(service) - before) * 1_024 / STREAMS;
  const fanOuts = await inRounds(bench.pace.rounds, () => fanOut(bench, service, streams));
  return [
    { what: `${what}, memory of each`, values: [kilobytes], unit: "KB" },
    {
      what: `${what}, one summary from the first to the last`,
      values: fanOuts,
      unit: "ms",
      note: "reading them included",
    },
  ];
}

async function hasEvents({ url }: Server): Promise<boolean> {
  const response = await fetch(`${url}/events`);
  await response.body?.cancel();
  return response.ok;
}

/** The time from the first stream that has a new summary to the last, in milliseconds. */
async function fanOut({ feed }: Bench, service: Server, streams: OpenStreams): Promise<number> {
  const arrivals = streams.nextArrivals();
  feed.advance(2);
  await refresh(service);
  const times = await arrivals;
  return Math.max(...times) - Math.min(...times);
}

interface OpenStreams extends AsyncDisposable {
  /** The moments at which each stream got its next summary. */
  nextArrivals(): Promise<number[]>;
}

/** Opens streams, and waits until each has its first summary. */
async function openStreams({ url }: Server, count: number): Promise<OpenStreams> {
  const stop = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: count }, () => openStream(`${url}/events`, stop.signal)),
  );
  const opened = { nextArrivals: () => Promise.all(streams.map((next) => next())) };
  await opened.nextArrivals();
  return {
    ...opened,
    [Symbol.asyncDispose]() {
      stop.abort();
      return Promise.resolve();
    },
  };
}

/** Opens one stream; the returned function waits for its next summary and returns when it came. */
async function openStream(url: string, signal: AbortSignal): Promise<() => Promise<number>> {
  const { body } = await fetch(url, { signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async () => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    while (!timeout.aborted) {
      const [, rest] = /event: ?summary[^]*?\n\n([^]*)/.exec(text) ?? [];
      if (rest !== undefined) {
        text = rest;
        return performance.now();
      }
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) throw new Error("An event stream must stay open");
      text += chunk.value;
    }
    throw new Error(`An event stream must send a summary within ${TIMEOUT_MS} ms`);
  };
}
