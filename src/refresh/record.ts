import * as z from "zod/mini";
import type { Feed } from "../feeds/feed.ts";
import type { Pauses } from "../feeds/pauses.ts";
import { type Client, INTEGER_REPLY, send } from "../redis/command.ts";
import { JsonValue } from "../redis/json_value.ts";
import type { SourceFailure } from "./fetch_sources.ts";
import { LAST_REFRESH, type LastRefresh, type SourceHealth } from "./wire.ts";

/** Keeps the result of the last refresh for every instance. */
export class RefreshRecord extends JsonValue<LastRefresh> {
  constructor(client: Client, key: string) {
    super(client, key, LAST_REFRESH);
  }

  /** Takes over the pauses that are kept, then keeps all that last beside the last refresh. */
  async keepPauses(pauses: Pauses): Promise<void> {
    const last = await this.read();
    if (last === undefined) return;
    pauses.merge(last.pauses ?? {});
    await this.write({ ...last, pauses: pauses.list() });
  }

  /** Why sources of the feed failed in the last refresh. */
  async readFailures(): Promise<readonly string[]> {
    return (await this.read())?.sources.flatMap(({ failure }) => failure ?? []) ?? [];
  }
}

/** The oldest hour that was loaded, per metric. */
const MARKS = z.object({
  price: z.exactOptional(z.iso.datetime()),
  sentiment: z.exactOptional(z.iso.datetime()),
});

/** The oldest hour that was loaded (its start, ISO 8601, UTC), per metric; absent if none was. */
export type Marks = Readonly<z.infer<typeof MARKS>>;

/** Keeps which metrics have their first 30 days. */
export class BackfillMarks {
  readonly #client: Client;
  readonly #key: string;
  readonly #value: JsonValue<Marks>;

  constructor(client: Client, key: string) {
    this.#client = client;
    this.#key = key;
    this.#value = new JsonValue(client, key, MARKS);
  }

  async read(): Promise<Marks> {
    return await this.#value.read() ?? {};
  }

  write(marks: Marks): Promise<void> {
    return this.#value.write(marks);
  }

  /** Lets all hours be loaded again. */
  async clear(): Promise<void> {
    await send(this.#client, INTEGER_REPLY, ["DEL", this.#key]);
  }
}

/** What the health of sources is derived from. */
export interface SourceHealthOptions {
  failures: readonly SourceFailure[];
  answered: readonly string[];
  /** The refresh before, which knows when a source that fails now last answered. */
  previous: LastRefresh | undefined;
  /** The end of this refresh, ISO 8601, UTC. */
  at: string;
}

/** Derives the health of each source after a refresh; a reserve that was not asked keeps its own. */
export function describeSources(
  { sources, reserve }: Pick<Feed, "sources" | "reserve">,
  { failures, answered, previous, at }: SourceHealthOptions,
): SourceHealth[] {
  const all = reserve === undefined ? sources : [...sources, reserve.source];
  return all.flatMap(({ name: source }): readonly SourceHealth[] => {
    if (answered.includes(source)) return [{ source, last_success: at }];
    const before = previous?.sources.find((health) => health.source === source);
    const failure = failures.find((failure) => failure.source === source);
    if (failure === undefined) return before === undefined ? [] : [before];
    const last_success = before?.last_success ?? null;
    return [{ source, last_success, failure: failure.error.message }];
  });
}
