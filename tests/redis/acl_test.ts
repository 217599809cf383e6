import { assert, assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async/delay";
import { SYSTEM_CLOCK } from "../../src/samples/clock.ts";
import { sendTransaction, StoreError } from "../../src/redis/command.ts";
import { Claims } from "../../src/redis/claims.ts";
import { closeRedis, connect } from "../../src/redis/connection.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { BackfillMarks } from "../../src/refresh/record.ts";
import { Revision } from "../../src/redis/revision.ts";
import { createAnnounce, receiveSummaries, SummaryCache } from "../../src/summary/cache.ts";
import { readAclRule } from "../helpers/acl.ts";
import { eventually } from "../helpers/eventually.ts";
import { keepLog } from "../helpers/log.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { startRedisServer, tell } from "../helpers/redis_server.ts";
import { NOW, risingAt } from "../helpers/samples.ts";

const ON_DEBIAN = {
  ignore: !HAS_REDIS_SERVER,
  sanitizeOps: false,
  sanitizeResources: false,
  timeout: 60_000,
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

Deno.test(
  "the documented ACL allows what the service does, and nothing else",
  ON_DEBIAN,
  async () => {
    await using server = await startRedisServer();
    await tell(server.port, "ACL", ...await readAclRule());
    await tell(server.port, "ACL", "SETUSER", "default", "off");
    const [, user = "", , password = ""] = await readAclRule();
    const url = `redis://${user}:${encodeURIComponent(password.slice(1))}@127.0.0.1:${server.port}`;
    const redis = connect(url);
    const subscriber = connect(url, { subscribes: true });
    const closing = new AbortController();
    try {
      const keys = keysBelow(PREFIX);
      const revision = new Revision({ client: redis, key: keys.revision, now: () => NOW });
      const cache = new SummaryCache(redis, keys.cache, revision);
      assertEquals(await cache.read(), { revision: NOW, summary: undefined });
      await cache.write(risingAt(NOW));
      assertEquals(await cache.read(), { revision: NOW, summary: risingAt(NOW) });
      assertEquals(await sendTransaction(redis, revision.increment), [null, NOW + 1]);

      const claims = new Claims({ client: redis, keys: keys.claims, clock: SYSTEM_CLOCK });
      const claim = await claims.take("tick", 10_000);
      assertEquals(await claims.take("tick", 10_000), undefined);
      await claim?.endIn(5_000);
      await claim?.endIn(0);
      assert(await claims.take("tick", 10_000));
      const record = new BackfillMarks(redis, keys.backfilled);
      await record.write({ price: "2021-06-07T12:00:00.000Z" });
      assertEquals(await record.read(), { price: "2021-06-07T12:00:00.000Z" });
      await record.clear();

      const received: unknown[] = [];
      receiveSummaries(subscriber, {
        channel: keys.updates,
        onSummary: (summary) => received.push(summary),
        sleep: (ms, signal) => delay(ms, { signal }),
        log: keepLog(),
        signal: closing.signal,
      });
      await subscriber.connect();
      await eventually(async () => {
        await createAnnounce(redis, keys.updates)(risingAt(NOW));
        return received.length > 0;
      });
      assertEquals([await redis.call("MULTI"), await redis.call("DISCARD")], ["OK", "OK"]);

      const elsewhere = new SummaryCache(redis, "elsewhere", revision);
      await assertRejects(() => elsewhere.write(risingAt(NOW)), StoreError, "NOPERM");
      for (const command of FORBIDDEN) {
        await assertRejects(() => redis.call(...command), Error, "NOPERM");
      }
    } finally {
      closing.abort();
      await closeRedis(redis);
      await closeRedis(subscriber);
    }
  },
);
