import * as z from "zod";
import type { SummaryCache } from "../core/ports.ts";
import type { Summary } from "../core/summary.ts";
import { type Client, send, unlessRefused } from "./command.ts";
import { OK_OR_NOTHING_REPLY, VALUE_REPLY } from "./replies.ts";

const TTL_SECONDS = 120;

const DIRECTION = z.enum(["rising", "falling", "flat"]);
const TIME = z.iso.datetime();

const CACHED = z.object({
  hourly_average_of_averages: z.array(
    z.object({ time: TIME, price: z.number(), sentiment: z.number() }),
  ).min(1),
  price_direction: DIRECTION,
  sentiment_direction: DIRECTION,
  as_of: TIME,
});

/** Keeps the last summary in one Redis key, as JSON. */
export class RedisSummaryCache implements SummaryCache {
  readonly #client: Client;
  readonly #key: string;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
  }

  /** What is cached; what does not parse counts as nothing. */
  async read(): Promise<Summary | undefined> {
    const text = await send(this.#client, VALUE_REPLY, ["GET", this.#key])
      .catch(unlessRefused(/^WRONGTYPE/, null));
    return text === null ? undefined : parseSummary(text);
  }

  async write(summary: Summary): Promise<void> {
    await this.#set(summary);
  }

  async fill(summary: Summary): Promise<void> {
    await this.#set(summary, "NX");
  }

  async #set(summary: Summary, ...condition: "NX"[]): Promise<void> {
    const expiry = ["EX", TTL_SECONDS, ...condition] as const;
    const command = ["SET", this.#key, JSON.stringify(summary), ...expiry] as const;
    await send(this.#client, OK_OR_NOTHING_REPLY, command);
  }
}

/** Parses a summary from JSON; nothing where it is none. */
export function parseSummary(text: string): Summary | undefined {
  try {
    return CACHED.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
