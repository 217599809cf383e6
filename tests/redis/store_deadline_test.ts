import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError, withStoreDeadline } from "../../src/redis/command.ts";
import { recordWaits } from "../helpers/waits.ts";

const LIMIT = { timeout: 60_000 };

Deno.test("withStoreDeadline() returns what arrives in time", LIMIT, async () => {
  assertEquals(await withStoreDeadline(Promise.resolve("a")), "a");
});

Deno.test("withStoreDeadline() waits for two seconds at most", LIMIT, async () => {
  using waits = recordWaits();
  await withStoreDeadline(Promise.resolve("a"));
  assertEquals([...waits.limits, ...waits.timers], [2_000]);
});

Deno.test("withStoreDeadline() rethrows what fails in time", LIMIT, async () => {
  const error = new NoDataError("none");
  const thrown = await assertRejects(() => withStoreDeadline(Promise.reject(error)));
  assertStrictEquals(thrown, error);
});

Deno.test("withStoreDeadline() ends the wait, and ignores a later failure", LIMIT, async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  await assertRejects(() => withStoreDeadline(promise, 5), StoreError, "The store took too long");
  reject(new StoreError("away"));
});
