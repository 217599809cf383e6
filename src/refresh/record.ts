import * as z from "zod/mini";
import type { Feed } from "../feeds/feed.ts";
import type { Client } from "../redis/command.ts";
import { JsonValue } from "../redis/json_value.ts";
import { type Metric, METRICS } from "../samples/sample.ts";
import type { SourceFailure } from "./fetch_sources.ts";
import type { LastRefresh, SourceHealth } from "./report.ts";

/** Keeps the result of the last refresh for every instance. */
export interface RefreshRecord {
  read(): Promise<LastRefresh | undefined>;
  write(last: LastRefresh): Promise<void>;
}

/** Keeps which metrics have their first 30 days. */
export interface BackfillMarks {
  read(): Promise<ReadonlySet<Metric>>;
  write(done: ReadonlySet<Metric>): Promise<void>;
}

const FAULT = z.enum(["unavailable", "invalid", "timeout"]);

const COUNT = z.int().check(z.nonnegative());

const REPORT = z.object({
  feed: z.string(),
  received: COUNT,
  stored: COUNT,
  duplicates: COUNT,
  rejected: COUNT,
  expired: z.exactOptional(COUNT),
  as_of: z.nullable(z.string()),
  refreshed_at: z.string(),
  failed_sources: z.exactOptional(
    z.array(z.object({ source: z.string(), fault: FAULT, message: z.string() })),
  ),
  degraded: z.exactOptional(z.literal(true)),
});

const FAILURE = z.object({
  fault: z.enum([...FAULT.options, "store"]),
  message: z.string(),
  retry_after_ms: z.exactOptional(z.number()),
});

const LAST_REFRESH = z.object({
  result: z.union([z.object({ report: REPORT }), z.object({ failure: FAILURE })]),
  sources: z.array(z.object({
    source: z.string(),
    last_success: z.nullable(z.string()),
    failure: z.exactOptional(z.string()),
  })),
  ticked_at: z.exactOptional(z.string()),
}) satisfies z.core.$ZodType<LastRefresh>;

const DONE = z.array(z.enum(METRICS));

/** Keeps the result of the last refresh. */
export class RedisRefreshRecord extends JsonValue<LastRefresh> implements RefreshRecord {
  constructor(client: Client, key: string) {
    super(client, key, LAST_REFRESH);
  }
}

/** Keeps which metrics are backfilled. */
export class RedisBackfillMarks implements BackfillMarks {
  readonly #value: JsonValue<Metric[]>;

  constructor(client: Client, key: string) {
    this.#value = new JsonValue(client, key, DONE);
  }

  async read(): Promise<ReadonlySet<Metric>> {
    return new Set(await this.#value.read());
  }

  write(done: ReadonlySet<Metric>): Promise<void> {
    return this.#value.write([...done]);
  }
}

/** What the health of sources is derived from. */
export interface SourceHealthOptions {
  failures: readonly SourceFailure[];
  /** The refresh before, which knows when a source that fails now last answered. */
  previous: LastRefresh | undefined;
  /** The end of this refresh, ISO 8601, UTC. */
  at: string;
}

/** Derives the health of each source after a refresh. */
export function describeSources(
  { sources }: Pick<Feed, "sources">,
  { failures, previous, at }: SourceHealthOptions,
): SourceHealth[] {
  return sources.map(({ name: source }) => {
    const failure = failures.find((failure) => failure.source === source);
    if (failure === undefined) return { source, last_success: at };
    const before = previous?.sources.find((health) => health.source === source);
    const last_success = before?.last_success ?? null;
    return { source, last_success, failure: failure.error.message };
  });
}
