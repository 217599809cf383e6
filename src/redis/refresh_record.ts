import * as z from "zod";
import type { BackfillMarks, RefreshRecord } from "../core/ports.ts";
import type { LastRefresh } from "../core/refresh_report.ts";
import { type Metric, METRICS } from "../core/sample.ts";
import { type Client, send, unlessRefused } from "./command.ts";
import { OK_REPLY, VALUE_REPLY } from "./replies.ts";
import { parseJson } from "./summary_cache.ts";

const FAULT = z.enum(["unavailable", "invalid", "timeout"]);
const COUNT = z.int().nonnegative();

const REPORT = z.object({
  feed: z.string(),
  received: COUNT,
  stored: COUNT,
  duplicates: COUNT,
  rejected: COUNT,
  expired: z.exactOptional(COUNT),
  as_of: z.string().nullable(),
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
    last_success: z.string().nullable(),
    failure: z.exactOptional(z.string()),
  })),
}) satisfies z.ZodType<LastRefresh>;

const DONE = z.array(z.enum(METRICS));

/** Keeps the result of the last refresh in one Redis key, as JSON. */
export class RedisRefreshRecord implements RefreshRecord {
  readonly #client: Client;
  readonly #key: string;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
  }

  async read(): Promise<LastRefresh | undefined> {
    return LAST_REFRESH.safeParse(await readJson(this.#client, this.#key)).data;
  }

  async write(last: LastRefresh): Promise<void> {
    await send(this.#client, OK_REPLY, ["SET", this.#key, JSON.stringify(last)]);
  }
}

/** Keeps which metrics are backfilled in one Redis key, as JSON. */
export class RedisBackfillMarks implements BackfillMarks {
  readonly #client: Client;
  readonly #key: string;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
  }

  async read(): Promise<ReadonlySet<Metric>> {
    return new Set(DONE.safeParse(await readJson(this.#client, this.#key)).data);
  }

  async write(done: ReadonlySet<Metric>): Promise<void> {
    await send(this.#client, OK_REPLY, ["SET", this.#key, JSON.stringify([...done])]);
  }
}

/** Reads a key as JSON; `undefined` if it is missing, of another type or not JSON. */
async function readJson(client: Client, key: string): Promise<unknown> {
  const text = await send(client, VALUE_REPLY, ["GET", key]).catch(
    unlessRefused(/WRONGTYPE/, null),
  );
  return text === null ? undefined : parseJson(text);
}
