import { assert, assertEquals } from "@std/assert";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { compress } from "../../src/http/compress.ts";

const DECOMPRESS = { br: brotliDecompressSync, gzip: gunzipSync } as const;

Deno.test.each([{ encoding: "br" }, { encoding: "gzip" }] as const)(
  "compress() lets others do something while it compresses a megabyte to $encoding",
  { timeout: 60_000 },
  async ({ encoding }) => {
    const numbers = Array.from({ length: 150_000 }, (_, i) => i * 7_919 % 1_000_003);
    const body = new TextEncoder().encode(numbers.join());
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const compressed = await compress(body, encoding).finally(() => clearInterval(timer));
    assertEquals(new Uint8Array(DECOMPRESS[encoding](compressed)), body);
    assert(compressed.byteLength < body.byteLength);
    assert(turns >= 8, `${turns} turns`);
  },
);
