import { assert, assertRejects } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { Source } from "../../src/feeds/feed.ts";
import { createBitstamp } from "../../src/feeds/bitstamp.ts";
import { MINUTES } from "../../src/feeds/candles.ts";
import { createCoinbase } from "../../src/feeds/coinbase.ts";
import { createKraken } from "../../src/feeds/kraken.ts";
import { createOkx } from "../../src/feeds/okx.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { measureBlock } from "../helpers/block.ts";
import { feedOptions, onlySource } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";

const NOW = Date.UTC(2026, 0, 2, 12);
const TIME_LIMIT = { timeout: 60_000 };

/** The longest wait for a reader, whatever a source answers. */
const MAX_BLOCK_MS = 1_000;
const MAX_CHARACTERS = 500;

interface HostileSource {
  readonly name: string;
  readonly create: (url: string) => Source;
  /** An answer in the source's shape with `json` where its rows belong. */
  readonly around: (json: string) => string;
}

const OPTIONS = { now: () => NOW };

const SOURCES: HostileSource[] = [
  {
    name: "Kraken",
    create: (url) => createKraken({ url, period: MINUTES }, OPTIONS),
    around: (json) => `{"error":[],"result":{"XXBTZUSD":${json},"last":1}}`,
  },
  {
    name: "Coinbase",
    create: (url) => createCoinbase({ url, period: MINUTES }, OPTIONS),
    around: (json) => json,
  },
  {
    name: "Bitstamp",
    create: (url) => createBitstamp({ url, period: MINUTES }, OPTIONS),
    around: (json) => `{"data":{"ohlc":${json}}}`,
  },
  {
    name: "OKX",
    create: (url) => createOkx({ urls: [url], period: "5m" }, OPTIONS),
    around: (json) => `{"code":"0","msg":"","data":${json}}`,
  },
  {
    name: "SentiCrypt",
    create: (url) =>
      onlySource(createSentiCrypt(feedOptions({ sentimentApiUrl: url, ...OPTIONS }))),
    around: (json) => json,
  },
];

const KEYS = `{${Array.from({ length: 249_000 }, (_, i) => `"k${i}":1`).join()}}`;
const DEEP = `${"[".repeat(8_000)}${"]".repeat(8_000)}`;
const DIGITS = `"${"9".repeat(3_900_000)}x"`;

const PARTS = [
  { part: "1.9 million numbers", json: listOf("1", 1_900_000) },
  { part: "45,000 empty objects", json: listOf("{}", 45_000) },
  { part: "45,000 lists of texts", json: listOf('["a","a","a","a"]', 45_000) },
  { part: "900,000 texts", json: listOf('"x"', 900_000) },
  { part: "249,000 keys", json: KEYS },
  { part: "a row of 249,000 keys", json: `[${KEYS}]` },
  { part: "a row of 240,000 values", json: `[${listOf("1", 240_000)}]` },
  { part: "8,000 levels", json: DEEP },
  { part: "a text of 3.9 MB", json: DIGITS },
  { part: "prices of 3.9 MB", json: `[[1767355080,${DIGITS},"1","1","1"]]` },
];

const REFUSALS = [
  { part: "1.9 million errors", body: `{"error":${listOf("1", 1_900_000)},"result":{}}` },
  { part: "9,000 errors", body: `{"error":${listOf("1", 9_000)},"result":{}}` },
  { part: "an error of 3.9 MB", body: `{"error":[${DIGITS}],"result":{}}` },
  { part: "a deep error", body: `{"error":[${DEEP}],"errors":[${DEEP}],"message":${DEEP}}` },
  { part: "a deep refusal", body: `{"status":"error","0":1,"r":${DEEP}}` },
  { part: "a wide refusal", body: `{"status":"error","r":${KEYS},"code":"1","msg":${KEYS}}` },
  { part: "a long refusal", body: `{"status":"error","message":${DIGITS},"code":${DIGITS}}` },
  { part: "249,000 keys at the top", body: KEYS },
  { part: "a result of 249,000 keys", body: `{"error":[],"result":${KEYS}}` },
];

function listOf(json: string, count: number): string {
  return `[${`${json},`.repeat(count - 1)}${json}]`;
}

async function assertRefused({ create }: HostileSource, body: string): Promise<void> {
  const bytes = new TextEncoder().encode(body);
  await using server = serveLocally(() => new Response(bytes));
  const source = create(server.url);
  const block = await measureBlock(async () => {
    const error = await assertRejects(() => source.fetchSamples(AbortSignal.timeout(30_000)));
    assert(error instanceof FeedError, `${error}`);
    const { message = "" } = error.cause instanceof Error ? error.cause : {};
    assert(message.length <= MAX_CHARACTERS, `the cause has ${message.length} characters`);
  });
  assert(block < MAX_BLOCK_MS, `others waited ${block} ms`);
}

Deno.test.each(PARTS.flatMap((row) => SOURCES.map((source) => ({ ...row, ...source }))))(
  "$name: fetchSamples() refuses $part for rows without delaying other work",
  TIME_LIMIT,
  (row) => assertRefused(row, row.around(row.json)),
);

Deno.test.each(REFUSALS.flatMap((row) => SOURCES.map((source) => ({ ...row, ...source }))))(
  "$name: fetchSamples() refuses $part without delaying other work",
  TIME_LIMIT,
  (row) => assertRefused(row, row.body),
);
