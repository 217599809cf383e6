import { assertEquals, assertRejects } from "@std/assert";
import { StoreError } from "../../src/core/errors.ts";
import { RedisClaims } from "../../src/redis/claims.ts";
import { closeRedis, connect } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { RedisSummaryCache } from "../../src/redis/summary_cache.ts";
import { listenForSummaries, RedisAnnouncer } from "../../src/redis/updates.ts";
import { eventually } from "../helpers/eventually.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { startRedisServer, tell } from "../helpers/redis_server.ts";
import { RISING_SUMMARY } from "../helpers/samples.ts";

const ON_DEBIAN = {
  ignore: !HAS_REDIS_SERVER,
  sanitizeOps: false,
  sanitizeResources: false,
  timeout: 10_000,
};
const PREFIX = "is-bitcoin-lit";

const FORBIDDEN: readonly [string, ...string[]][] = [
  ["KEYS", "*"],
  ["FLUSHALL"],
  ["GETDEL", "is-bitcoin-lit:cache"],
  ["WATCH", "is-bitcoin-lit:revision"],
  ["CONFIG", "GET", "*"],
  ["ACL", "LIST"],
  ["EVAL", "return 1", "0"],
];

// The documented line without the time series: a plain Redis server does not know their commands.
async function readRule(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../../docs/acl.md", import.meta.url));
  const [, line] = /^ACL (SETUSER .*)$/m.exec(text) ?? [];
  if (line === undefined) {
    throw new Error("docs/acl.md must have a line that begins with ACL SETUSER");
  }
  return line.split(" ").filter((rule) => !rule.startsWith("+ts."));
}

Deno.test(
  "the documented ACL lets the service do its work and nothing else",
  ON_DEBIAN,
  async () => {
    await using server = await startRedisServer();
    await tell(server.port, "ACL", ...await readRule());
    await tell(server.port, "ACL", "SETUSER", "default", "off");
    const [, user = "", , password = ""] = await readRule();
    const url = `redis://${user}:${encodeURIComponent(password.slice(1))}@127.0.0.1:${server.port}`;
    const redis = connect(url, { onReady() {}, onLost() {} });
    const subscriber = connect(url, { onReady() {}, onLost() {} });
    try {
      const keys = keysBelow(PREFIX);
      const cache = new RedisSummaryCache(redis, keys.cache);
      await cache.write(RISING_SUMMARY);
      assertEquals(await cache.read(), RISING_SUMMARY);
      assertEquals(await new RedisClaims(redis, keys.claim).take("tick", 10), true);

      const heard: unknown[] = [];
      listenForSummaries(subscriber, keys.updates, (summary) => heard.push(summary));
      await subscriber.connect();
      await eventually(async () => {
        await new RedisAnnouncer(redis, keys.updates).announce(RISING_SUMMARY);
        return heard.length > 0;
      });

      const revision = `${PREFIX}:revision`;
      assertEquals(await redis.multi().set(`${PREFIX}:state`, "lit").incr(revision).exec(), [
        [null, "OK"],
        [null, 1],
      ]);
      assertEquals(await redis.mget(revision, `${PREFIX}:state`), ["1", "lit"]);
      assertEquals(await redis.set(`${PREFIX}:claim:acl`, "a", "EX", 50, "NX", "GET"), null);
      assertEquals(await redis.del(`${PREFIX}:claim:acl`), 1);
      assertEquals([await redis.call("MULTI"), await redis.call("DISCARD")], ["OK", "OK"]);

      const elsewhere = new RedisSummaryCache(redis, "elsewhere");
      await assertRejects(() => elsewhere.read(), StoreError, "user or password");
      for (const command of FORBIDDEN) {
        await assertRejects(() => redis.call(...command), Error, "NOPERM");
      }
    } finally {
      await closeRedis(redis);
      await closeRedis(subscriber);
    }
  },
);
