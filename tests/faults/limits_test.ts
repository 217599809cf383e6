import { assert, assertEquals } from "@std/assert";
import { measureBlock } from "../helpers/block.ts";
import { assertServed, startReaders } from "./assertions.ts";
import { refresh, startTestbed, warmUp } from "./testbed.ts";

const MAX_WAIT_MS = 1_000;

const NOW_SECONDS = Date.now() / 1_000;

const ANSWERS = [
  {
    answer: "80,000 valid rows",
    body: JSON.stringify(Array.from({ length: 80_000 }, (_, i) => ({
      timestamp: NOW_SECONDS - i,
      btc_price: "34500.00",
      mean: 0.5,
    }))),
  },
  { answer: "10 MB of empty rows", body: `[{}${",{}".repeat(3_400_000)}]` },
  { answer: "one row more than 50,000", body: `[1${",1".repeat(50_000)}]` },
  { answer: "a list in a list, 2,000,000 deep", body: "[".repeat(2_000_000) },
];

Deno.test.each(ANSWERS)(
  "a feed answer of $answer costs one refresh and no reader a second",
  { timeout: 60_000 },
  async ({ body }) => {
    await using testbed = await startTestbed();
    await warmUp(testbed);
    const readers = startReaders(testbed);
    testbed.feed.respond = () => new Response(body);
    const block = await measureBlock(async () => {
      const { status, problem } = await refresh(testbed.url);
      assertEquals([status, problem], [502, "feed-invalid"]);
    });
    testbed.feed.respond = () => testbed.feed.answer();
    testbed.feed.advance();
    assertEquals((await refresh(testbed.url)).status, 200);
    assertServed(await readers.stop());
    assert(block < MAX_WAIT_MS, `readers waited ${block} ms`);
  },
);
