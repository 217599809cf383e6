import { assert, assertEquals } from "@std/assert";
import { assertServed, startReaders } from "./assertions.ts";
import { refresh, startRig, warmUp } from "./rig.ts";

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
  { timeout: 20_000 },
  async ({ body }) => {
    await using rig = await startRig();
    await warmUp(rig);
    const readers = startReaders(rig);
    rig.feed.respond = () => new Response(body);
    const { status, problem } = await refresh(rig.url);
    assertEquals([status, problem], [502, "feed-invalid"]);
    rig.feed.respond = () => rig.feed.answer();
    rig.feed.advance();
    assertEquals((await refresh(rig.url)).status, 200);
    const tally = await readers.stop();
    assertServed(tally);
    assert(tally.slowestMs < MAX_WAIT_MS, `a reader waited ${tally.slowestMs} ms`);
  },
);
