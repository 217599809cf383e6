import * as z from "zod/mini";
import type { SummaryCache } from "../core/ports.ts";
import type { RevisedSummary } from "../core/summary.ts";
import { type Client, send } from "./command.ts";
import { parseJson } from "./json_value.ts";
import { OK_REPLY, VALUES_REPLY } from "./replies.ts";
import type { Revision } from "./revision.ts";

const TTL_SECONDS = 120;

const DIRECTION = z.enum(["rising", "falling", "flat"]);
const TIME = z.iso.datetime();

const SUMMARY = z.object({
  revision: z.int().check(z.nonnegative()),
  hourly_average_of_averages: z.array(
    z.object({ time: TIME, price: z.number(), sentiment: z.number() }),
  ).check(z.minLength(1), z.maxLength(3)),
  price_direction: DIRECTION,
  sentiment_direction: DIRECTION,
  as_of: TIME,
}) satisfies z.core.$ZodType<RevisedSummary>;

/** Keeps the last summary in one Redis key, as JSON. */
export class RedisSummaryCache implements SummaryCache {
  readonly #client: Client;
  readonly #key: string;
  readonly #revision: Revision;

  constructor(client: Client, key: string, revision: Revision) {
    this.#client = client;
    this.#key = key;
    this.#revision = revision;
  }

  async read(): ReturnType<SummaryCache["read"]> {
    const command = ["MGET", this.#revision.key, this.#key] as const;
    const [stored = null, cached = null] = await send(this.#client, VALUES_REPLY, command);
    const revision = await this.#revision.parse(stored);
    const summary = cached === null ? undefined : parseSummary(cached);
    return { revision, summary: summary?.revision === revision ? summary : undefined };
  }

  async write(summary: RevisedSummary): Promise<void> {
    const command = ["SET", this.#key, JSON.stringify(summary), "EX", TTL_SECONDS] as const;
    await send(this.#client, OK_REPLY, command);
  }
}

/** Parses a summary from JSON; `undefined` if it is too long or has another shape. */
export function parseSummary(text: string): RevisedSummary | undefined {
  return SUMMARY.safeParse(parseJson(text)).data;
}
