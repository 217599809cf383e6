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
