import { simulateRows } from "../../dev/senticrypt.ts";
import type { Sample } from "../../src/core/sample.ts";
import { HOUR_MS } from "../../src/core/summary.ts";
import { computeTrackRecord, startOfTrackRecord } from "../../src/core/track_record.ts";
import type { EventStreams } from "../../src/http/events.ts";
import { computeSummary } from "../../src/use_cases/compute_summary.ts";
import { readHistory } from "../../src/use_cases/history.ts";
import { readSiteFile } from "../../src/web/mod.ts";
import { createTestApp } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { MemorySeries } from "../helpers/memory.ts";

const RECORD_DAYS = 30;

/** A time at which price and sentiment of the simulated day rise. */
export const LIT_AT = Date.UTC(2026, 2, 14, 4, 24, 30);

/** A time at which both fall. */
export const UNLIT_AT = Date.UTC(2026, 2, 14, 9, 24, 30);

/** The app with its page on a free port; a test changes its data at any time. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly streams: EventStreams;
  /** The series; at first they have the simulated day. */
  series: MemorySeries;
  /** The time in Unix milliseconds. */
  now: number;
}

/** Serves the app with its page and the simulated day up to `now` (Unix ms). */
export async function serveSite(now: number, options: { maxStreams?: number } = {}): Promise<Site> {
  const { app, streams } = createTestApp({
    feed: "senticrypt",
    clock: () => site.now,
    summaries: { get: () => computeSummary(site.series) },
    histories: { get: (span) => readHistory(site.series, span) },
    loadWeb: () => import("../../src/web/mod.ts"),
    ...options,
  });
  const server = serveLocally((request) => {
    if (new URL(request.url).pathname === "/track-record") return respondWithRecord(site.series);
    return respondWithSiteFile(request) ?? app.fetch(request);
  });
  const site = {
    url: server.url,
    streams,
    now,
    series: await simulateDay(now),
    async [Symbol.asyncDispose]() {
      streams.close();
      await server[Symbol.asyncDispose]();
    },
  };
  return site;
}

/** Responds with the track record of 30 days, as the page asks for it. */
async function respondWithRecord(series: MemorySeries): Promise<Response> {
  const asOf = (await series.newest()).price ?? 0;
  const averages = await series.averages(startOfTrackRecord(asOf, RECORD_DAYS), HOUR_MS);
  return Response.json(
    computeTrackRecord(averages, { feed: "senticrypt", days: RECORD_DAYS, asOf }),
  );
}

/** Responds with a file such as the manifest, which the page links. */
function respondWithSiteFile({ url }: Request): Response | undefined {
  const file = readSiteFile(new URL(url).pathname);
  return file && new Response(file.body, { headers: { "content-type": file.contentType } });
}

/** The series of the simulated day up to `now` (Unix ms). */
export async function simulateDay(now: number): Promise<MemorySeries> {
  const series = new MemorySeries();
  await series.add(simulateSamples(now));
  return series;
}

function simulateSamples(now: number): Sample[] {
  return simulateRows(now).flatMap(({ timestamp, mean, btc_price }): Sample[] => [
    { metric: "price", timestamp: timestamp * 1_000, value: Number(btc_price) },
    { metric: "sentiment", timestamp: timestamp * 1_000, value: mean },
  ]);
}
