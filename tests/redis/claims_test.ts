import { assert, assertEquals } from "@std/assert";
import { RedisClaims } from "../../src/redis/claims.ts";
import { keysBelow } from "../../src/redis/keys.ts";
import { startTestRedis } from "../helpers/redis.ts";

Deno.test("RedisClaims.take() lets one of many have a name, for as long as it says", async () => {
  await using redis = await startTestRedis();
  const { claim } = keysBelow(redis.prefix);
  const claims = new RedisClaims(redis.client, claim);
  const taken = await Promise.all(Array.from({ length: 10 }, () => claims.take("tick", 60)));
  assertEquals(taken.filter(Boolean).length, 1);
  assertEquals(await claims.take("other tick", 60), true);
  const ttl = await redis.client.ttl(claim("tick"));
  assert(ttl > 50 && ttl <= 60, `TTL is ${ttl}`);
});
