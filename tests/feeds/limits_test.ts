import * as z from "zod";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { Sample } from "../../src/samples/sample.ts";
import type { FetchBounds } from "../../src/feeds/request.ts";
import { readRows } from "../../src/feeds/rows.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { measureBlock } from "../helpers/block.ts";
import { feedOptions, onlySource } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 60_000 };

/** The longest wait for a reader, whatever a source answers. */
const MAX_BLOCK_MS = 1_000;

async function fetchBody(body: BodyInit, { headers = {}, bounds = {} }: {
  headers?: Record<string, string>;
  bounds?: FetchBounds;
} = {}) {
  await using server = serveLocally(() => new Response(body, { headers }));
  const options = feedOptions({ sentimentApiUrl: server.url, now: () => NOW, bounds });
  return await onlySource(createSentiCrypt(options)).fetchSamples(AbortSignal.timeout(30_000));
}

function rows(count: number): string {
  const row = (i: number) => ({ timestamp: NOW / 1_000 - i, btc_price: 1, mean: 0 });
  return JSON.stringify(Array.from({ length: count }, (_, i) => row(i)));
}

/** Objects whose keys are all different: the slowest JSON to parse. */
function distinctKeys(count: number): string {
  const objects = Array.from({ length: count }, (_, i) => `{"${i}a":1,"${i}b":1,"${i}c":1}`);
  return `[${objects.join()}]`;
}

Deno.test.each([
  { answer: "10 MB of {}", body: `[${"{},".repeat(3_333_333)}{}]`, excess: "100000 objects and" },
  { answer: "4 MB of {}", body: `[${"{},".repeat(1_330_000)}{}]`, excess: "100000 objects and" },
  { answer: "4 MB of [", body: "[".repeat(3_990_000), excess: "100000 objects and arrays" },
  { answer: "4 MB of 0", body: `[${"0,".repeat(1_990_000)}0]`, excess: "250000 values" },
  { answer: "80,000 valid rows", body: rows(80_000), excess: "50000 rows" },
  { answer: "50,001 valid rows", body: rows(50_001), excess: "50000 rows" },
  { answer: "210,000 different keys", body: distinctKeys(70_000), excess: "50000 rows" },
  { answer: "270,000 different keys", body: distinctKeys(90_000), excess: "250000 values" },
  { answer: "more than 4 MB", body: " ".repeat(4_000_001), excess: "4000000 bytes" },
])(
  "fetchSamples() refuses $answer without delaying other work",
  TIME_LIMIT,
  async ({ body, excess }) => {
    const bytes = new TextEncoder().encode(body);
    const block = await measureBlock(async () => {
      const { fault, message } = await assertRejects(() => fetchBody(bytes), FeedError);
      assertEquals(fault, "invalid");
      assertEquals(message.includes(`more than ${excess}`), true, message);
    });
    assert(block < MAX_BLOCK_MS, `others waited ${block} ms`);
  },
);

Deno.test.each([
  { rows: "50,000 valid", body: rows(50_000), samples: 100_000, rejected: 0 },
  {
    rows: "a valid one and 49,999 invalid",
    body: `${rows(1).slice(0, -1)}${",{}".repeat(49_999)}]`,
    samples: 2,
    rejected: 99_998,
  },
])("fetchSamples() reads $rows rows without delaying other work", TIME_LIMIT, async (given) => {
  const bytes = new TextEncoder().encode(given.body);
  const block = await measureBlock(async () => {
    const { samples, rejected } = await fetchBody(bytes);
    assertEquals([samples.length, rejected], [given.samples, given.rejected]);
  });
  assert(block < MAX_BLOCK_MS, `others waited ${block} ms`);
});

Deno.test("readRows() lets other work run between slices of rows", TIME_LIMIT, async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const row = z.int().transform((timestamp): Sample[] => [
    { metric: "price", timestamp, value: 1 },
  ]);
  const times = Array.from({ length: 20_000 }, (_, i) => NOW - i);
  await readRows(times, { name: "The source", row, now: NOW });
  clearInterval(timer);
  assert(turns >= 10, `other work ran ${turns} times`);
});

Deno.test(
  "fetchSamples() reads no more of a body than its limit, however it is packed",
  TIME_LIMIT,
  async () => {
    const bounds = { maxBytes: 1_000_000 };
    const cancelled = Promise.withResolvers<void>();
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)),
      cancel: () => cancelled.resolve(),
    });
    const plain = await assertRejects(() => fetchBody(endless, { bounds }), FeedError);
    await cancelled.promise;
    const packed = new Blob([new Uint8Array(2_000_000)]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    const headers = { "content-encoding": "gzip" };
    const bomb = await assertRejects(() => fetchBody(packed, { headers, bounds }), FeedError);
    assertEquals([plain.fault, bomb.fault], ["invalid", "invalid"]);
  },
);
