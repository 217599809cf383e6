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
