import type { Config } from "../config.ts";
import { createAnswerEncoder } from "../summary/answer.ts";
import { EventStreams } from "../summary/events.ts";
import type { Background } from "../http/background.ts";
import { HistoryReader } from "../history/reader.ts";
import { loadSummary } from "../summary/load.ts";
import { checkReadiness } from "../refresh/readiness.ts";
import { createRecent } from "../http/recent.ts";
import { Summaries } from "../summary/summaries.ts";
import { TrackRecordReader } from "../track_record/reader.ts";
import type { CompleteParts } from "./parts.ts";
import type { Store } from "./store.ts";

/** What the reading side is built from. */
export interface ReadsOptions {
  config: Config;
  parts: CompleteParts;
  store: Store;
  background: Background;
  /** Unix ms that never step back. */
  forwardNow: () => number;
}

/** Everything that answers from what is stored. */
export type Reads = ReturnType<typeof createReads>;

/** Creates the reading side. */
export function createReads({ config, parts, store, background, forwardNow }: ReadsOptions) {
  const { clock, log } = parts;
  const { reader: series, cache, announce, record } = store;
  const layers = { cache: 0, series: 0 };
  const load = () =>
    loadSummary({
      series,
      cache,
      readFailures: async () =>
        (await record.read())?.sources.flatMap(({ failure }) => failure ?? []) ?? [],
      background,
      forwardNow,
      onRead: (layer) => layers[layer]++,
    });
  const summaries = new Summaries({ load, cache, announce, background, clock, forwardNow, log });
  const encodeAnswer = createAnswerEncoder({ ...config, clock });
  const streams = new EventStreams({ ...parts, summaries, encodeAnswer });
  const histories = new HistoryReader({ series, clock, summaries });
  const trackRecords = new TrackRecordReader({
    ...config,
    series,
    clock,
    background,
    asOf: () => summaries.read(({ as_of }) => Date.parse(as_of)),
  });
  summaries.listen({
    onChange: (summary) => streams.send(summary),
    onReset() {
      histories.clear();
      trackRecords.invalidate();
    },
  });
  return {
    summaries,
    encodeAnswer,
    streams,
    histories,
    trackRecords,
    checkReadiness: createRecent(() => checkReadiness({ series, record, clock }), clock),
    /** Reads of the summary by the layer that answered. */
    countReads: () => ({ near: summaries.hits, ...layers }),
    /** Values of the series that were left out, by metric. */
    countLeftOut: () => series.leftOut,
  };
}
