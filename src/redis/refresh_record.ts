import * as z from "zod/mini";
import type { BackfillMarks, RefreshRecord } from "../core/ports.ts";
import type { LastRefresh } from "../core/refresh_report.ts";
import { type Metric, METRICS } from "../core/sample.ts";
import type { Client } from "./command.ts";
import { JsonValue } from "./json_value.ts";

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
