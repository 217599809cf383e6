import { assertEquals, assertThrows } from "@std/assert";
import { FairPlaces, networkOf } from "../../src/history/fair_places.ts";
import { BusyError } from "../../src/http/problem.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** Takes a place for each address, and writes down who has entered. */
function setUp(...addresses: string[]) {
  const places = new FairPlaces();
  const entered: string[] = [];
  const take = (address: string) => void places.take(address).then(() => entered.push(address));
  addresses.forEach(take);
  return { places, entered, take };
}

const EIGHT = ["a", "a", "a", "a", "a", "a", "b", "c"];

Deno.test(
  "FairPlaces gives eight places at once, to one address if it is alone",
  TIME_LIMIT,
  async () => {
    const { entered } = setUp(..."aaaaaaaa");
    await Promise.resolve();
    assertEquals(entered.length, 8);
  },
);

Deno.test(
  "FairPlaces lets an address have or wait for two places once all are taken",
  TIME_LIMIT,
  () => {
    const { take } = setUp(...EIGHT);
    take("b");
    for (const address of ["a", "b"]) assertThrows(() => take(address), BusyError, "8 histories");
    take("d");
    take("d");
    assertThrows(() => take("d"), BusyError);
  },
);

Deno.test("FairPlaces lets eight wait", TIME_LIMIT, () => {
  const { take } = setUp(...EIGHT, ..."defghijk");
  assertThrows(() => take("l"), BusyError, "ask again soon");
});

Deno.test("FairPlaces gives a returned place to who waits for longest", TIME_LIMIT, async () => {
  const { places, entered, take } = setUp(...EIGHT, "d", "e");
  await Promise.resolve();
  places.leave("b");
  await Promise.resolve();
  assertEquals(entered.slice(8), ["d"]);
  // The place of b is d's now: b may have two again.
  take("b");
  take("b");
  assertThrows(() => take("b"), BusyError);
  for (const address of ["a", "c", "d"]) places.leave(address);
  await Promise.resolve();
  assertEquals(entered.slice(8), ["d", "e", "b", "b"]);
  places.leave("e");
  take("f");
  await Promise.resolve();
  assertEquals(entered.at(-1), "f");
});

Deno.test.each([
  { address: "192.0.2.1", network: "192.0.2.1" },
  { address: "::ffff:192.0.2.1", network: "::ffff:192.0.2.1" },
  { address: "", network: "" },
  { address: "2001:db8:0:7:1:2:3:4", network: "2001:db8:0:7" },
  { address: "2001:0DB8:0000:0007::1", network: "2001:db8:0:7" },
  { address: "2001:db8::7:1:2:3:4", network: "2001:db8:0:7" },
  { address: "2001::8:1:2:3:4", network: "2001:0:0:8" },
  { address: "2001:db8::1", network: "2001:db8:0:0" },
  { address: "::1", network: "0:0:0:0" },
])("networkOf() of $address is $network", TIME_LIMIT, ({ address, network }) => {
  assertEquals(networkOf(address), network);
});
