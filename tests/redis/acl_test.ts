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

const ON_DEBIAN = { ignore: !HAS_REDIS_SERVER, sanitizeOps: false, sanitizeResources: false };
const PREFIX = "is-bitcoin-lit";

const FORBIDDEN: readonly [string, ...string[]][] = [
  ["KEYS", "*"],
  ["FLUSHALL"],
  ["DEL", "is-bitcoin-lit:cache"],
  ["CONFIG", "GET", "*"],
  ["ACL", "LIST"],
  ["EVAL", "return 1", "0"],
];

// The documented line, but for the time series: a server without them does not know their commands.
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
