/** Both metrics' averages over one bucket; `time` is its start, ISO 8601, UTC. */
export interface HistoryPoint {
  readonly time: string;
  readonly price: number | null;
  readonly sentiment: number | null;
}

/** The averages per bucket, oldest first; a bucket without any sample is left out. */
export interface History {
  readonly bucket_seconds: number;
  readonly points: readonly HistoryPoint[];
}

/** How far back from the newest sample a history goes, and in what steps. */
export interface HistorySpan {
  readonly hours: number;
  readonly bucketMs: number;
}
/** The columns of a history as CSV. */
const HEADER = ["time", "price", "sentiment"] as const;

// RFC 4180 ends every line so, whatever the system.
const LINE_END = "\r\n";

/** One row: `time` in ISO 8601, UTC; `null` where a bucket has no sample of a metric. */
export interface CsvRow {
  readonly time: string;
  readonly price: number | null;
  readonly sentiment: number | null;
}

/** Renders rows as CSV (RFC 4180). No value needs quotes: there are only times and numbers. */
export function toCsv(rows: readonly CsvRow[]): string {
  const lines = rows.map((row) => HEADER.map((column) => row[column] ?? "").join(","));
  return [HEADER.join(","), ...lines, ""].join(LINE_END);
}
