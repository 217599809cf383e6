import * as z from "zod/mini";
import type { Feed } from "../feeds/feed.ts";
import type { Pauses } from "../feeds/pauses.ts";
import type { Client } from "../redis/command.ts";
import { JsonValue } from "../redis/json_value.ts";
import { type Metric, METRICS } from "../samples/sample.ts";
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

const DONE = z.array(z.enum(METRICS));

/** Keeps which metrics have their first 30 days. */
export class BackfillMarks {
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
