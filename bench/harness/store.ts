import { Redis } from "ioredis";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";
import type { FeedSample } from "./feed.ts";
import { startEmbeddedRedis } from "./server.ts";

const RETENTION_MS = 3_650 * 86_400_000;
const SAMPLES_PER_COMMAND = 50_000;

/** The Redis that all measures use. */
export interface Store extends AsyncDisposable {
  readonly url: string;
  readonly client: Redis;
  readonly isEmbedded: boolean;
  /** Its name and version. */
  readonly description: string;
  /** A key prefix that nothing else uses; its keys are removed at the end. */
  newPrefix(): string;
}

/** Uses the server at `url`, or starts the embedded one as a process of its own. */
export async function openStore(url: string | undefined): Promise<Store> {
  await using stack = new AsyncDisposableStack();
  const embedded = url ? undefined : stack.use(await startEmbeddedRedis());
  const address = url || embedded?.url || "";
  const client = new Redis(address, { protocol: 2, maxRetriesPerRequest: 1 });
  stack.defer(() => client.disconnect());
  const prefix = `is-bitcoin-lit-bench:${crypto.randomUUID()}`;
  if (embedded === undefined) stack.defer(() => removeKeys(client, prefix));
  const kept = stack.move();
  let prefixes = 0;
  return {
    url: address,
    client,
    isEmbedded: embedded !== undefined,
    description: embedded
      ? "the embedded server (no BENCH_REDIS_URL), a process of its own"
      : await describe(client),
    newPrefix: () => `${prefix}:${++prefixes}`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Deletes both series and creates them again, empty. */
export async function resetSeries(client: Redis, prefix: string): Promise<Keys> {
  const keys = keysBelow(prefix);
  await client.del(keys.series.price, keys.series.sentiment, keys.cache);
  for (const key of Object.values(keys.series)) {
    await client.call("TS.CREATE", key, "RETENTION", RETENTION_MS, "DUPLICATE_POLICY", "FIRST");
  }
  return keys;
}

/** Sends samples to both series in the given order: one `TS.MADD`, or several if there are many. */
export async function addBare(
  client: Redis,
  { series }: Keys,
  samples: readonly FeedSample[],
): Promise<void> {
  for (let start = 0; start < samples.length; start += SAMPLES_PER_COMMAND) {
    const batch = samples.slice(start, start + SAMPLES_PER_COMMAND);
    const triples = batch.flatMap(({ timestamp, price, sentiment }) =>
      [[series.price, timestamp, price], [series.sentiment, timestamp, sentiment]].flat()
    );
    await client.call("TS.MADD", triples);
  }
}

/** Reads the versions of the server and the module; the module writes 1.10.24 as 11024. */
async function describe(client: Redis): Promise<string> {
  const [, version] = /^redis_version:(\S+)/m.exec(await client.info("server")) ?? [];
  const modules = await client.info("modules");
  const [, major, minor, patch] =
    /name=timeseries,ver=(\d+)(\d\d)(\d\d),/.exec(modules)?.map(Number) ?? [];
  return `Redis ${version}, TimeSeries ${major}.${minor}.${patch}`;
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1_000 })) {
    if (keys.length > 0) await client.unlink(...keys);
  }
}
