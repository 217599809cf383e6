import {
  type Bench,
  inRounds,
  type Measure,
  refresh,
  startWarmService,
  summaryOf,
} from "./harness/bench.ts";
import type { Finding } from "./harness/finding.ts";
import { residentMegabytes, type Server, startServer } from "./harness/server.ts";
import { ratios } from "./harness/statistics.ts";
import { openStreams } from "./harness/streams.ts";

/** Many open event streams: their memory, how long one summary takes to reach all, and a rush. */
export const events: Measure = { name: "events", measure };

/** What was measured at one server. */
interface Sample {
  readonly kilobytes: number;
  readonly fanOutMs: number;
}

async function measure(bench: Bench): Promise<Finding[]> {
  const { streams: count, rounds } = bench.pace;
  const what = `${count.toLocaleString("en")} open event streams`;
  const own: Sample[] = [];
  const bare: Sample[] = [];
  // Servers of their own: memory that was once used is not given back.
  for (let round = 0; round < rounds; round++) {
    await using service = await startWarmService(bench, undefined, STREAMS_OF_SERVICE);
    own.push(
      await sample(service, count, async () => {
        bench.feed.advance(2);
        await refresh(service);
      }),
    );
    await using peer = await startBareStreams(service);
    bare.push(await sample(peer, count, () => fetch(peer.url, { method: "POST" })));
  }
  const longestWait = `longest wait of a reader while ${
    (count / 2).toLocaleString("en")
  } streams open`;
  const waits = await inRounds(rounds, () => rush(bench, count / 2));
  const memory = (samples: readonly Sample[]) => samples.map(({ kilobytes }) => kilobytes);
  const fanOut = (samples: readonly Sample[]) => samples.map(({ fanOutMs }) => fanOutMs);
  return [
    {
      what: `${what}, memory of each against a bare Deno.serve`,
      values: ratios(memory(own), memory(bare)),
      unit: "×",
      budget: { atMost: 1.15 },
    },
    { what: `${what}, memory of each`, values: memory(own), unit: "KB" },
    {
      what: `${what}, one summary from the first to the last against a bare Deno.serve`,
      values: ratios(fanOut(own), fanOut(bare)),
      unit: "×",
      budget: { atMost: 1.5 },
    },
    {
      what: `${what}, one summary from the first to the last`,
      values: fanOut(own),
      unit: "ms",
      note: "reading them included",
    },
    {
      what: longestWait,
      values: waits.map(({ own }) => own),
      unit: "ms",
      budget: { atMost: 50 },
    },
    {
      what: `${longestWait}, at a bare Deno.serve`,
      values: waits.map(({ bare }) => bare),
      unit: "ms",
    },
  ];
}

const STREAMS_OF_SERVICE = { MAX_STREAMS: "100000" };

async function sample(
  server: Server,
  count: number,
  change: () => Promise<unknown>,
): Promise<Sample> {
  const before = await residentMegabytes(server);
  await using streams = await openStreams(server, count);
  const kilobytes = (await residentMegabytes(server) - before) * 1_024 / count;
  const arrivals = streams.nextArrivals();
  await change();
  const times = (await arrivals).toSorted((a, b) => a - b);
  return { kilobytes, fanOutMs: (times.at(-1) ?? 0) - (times[0] ?? 0) };
}

/** Starts the peer that sends the event that the service sends first. */
async function startBareStreams({ url }: Server): Promise<Server> {
  const { body } = await fetch(`${url}/events`);
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    return await startServer({ entry: "bench/peers/bare_streams.ts", args: [text] });
  }
  throw new Error("/events must send an answer, has ended");
}

/** Opens streams while a reader goes on reading; returns its longest wait at both, in milliseconds. */
async function rush(bench: Bench, count: number): Promise<{ own: number; bare: number }> {
  await using service = await startWarmService(bench, undefined, STREAMS_OF_SERVICE);
  await using peer = await startBareStreams(service);
  const own = await waitThrough(service, summaryOf(service), count);
  return { own, bare: await waitThrough(peer, peer.url, count) };
}

async function waitThrough(server: Server, url: string, count: number): Promise<number> {
  const reader = new Worker(new URL("./harness/paced_reader.ts", import.meta.url), {
    type: "module",
  });
  const { promise, resolve } = Promise.withResolvers<number>();
  reader.onmessage = ({ data }) => resolve(data);
  reader.postMessage(url);
  await using _streams = await openStreams(server, count);
  reader.postMessage("stop");
  const slowestMs = await promise;
  reader.terminate();
  return slowestMs;
}
