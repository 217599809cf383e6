import { assert, assertEquals } from "@std/assert";
import { MemoryClaims } from "./memory.ts";

Deno.test("MemoryClaims ends a claim when its time is over", { timeout: 5_000 }, async () => {
  const time = { now: 0 };
  const claims = new MemoryClaims(() => time.now);
  await claims.take("tick", 50);
  time.now = 49;
  assertEquals(await claims.take("tick", 50), undefined);
  time.now = 50;
  const claim = await claims.take("tick", 50);
  await claim?.endIn(10);
  time.now = 60;
  assert(await claims.take("tick", 50));
  await claim?.endIn(0);
  assertEquals(await claims.take("tick", 50), undefined);
});
