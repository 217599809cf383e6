import { assertEquals } from "@std/assert";
import { chooseEncoding } from "../../src/http/content.ts";

Deno.test.each([
  { header: null, encoding: "identity" },
  { header: "", encoding: "identity" },
  { header: "br", encoding: "br" },
  { header: "gzip", encoding: "gzip" },
  { header: "gzip, deflate, br, zstd", encoding: "br" },
  { header: "GZIP", encoding: "gzip" },
  { header: "gzip;q=1.0, br;q=0.5", encoding: "gzip" },
  { header: "br ; q=0.9 , gzip ; q=0.8", encoding: "br" },
  { header: "*", encoding: "br" },
  { header: "*;q=0.5, gzip", encoding: "gzip" },
  { header: "br;q=0, *", encoding: "gzip" },
  { header: "br;q=0, gzip;q=0", encoding: "identity" },
  { header: "identity, gzip;q=0.5", encoding: "identity" },
  { header: "identity;q=0.5, gzip;q=0.5", encoding: "gzip" },
  { header: "deflate", encoding: "identity" },
  { header: "br;q=high", encoding: "identity" },
  { header: "constructor, __proto__", encoding: "identity" },
])(
  "chooseEncoding() chooses $encoding for $header",
  { timeout: 60_000 },
  ({ header, encoding }) => {
    assertEquals(chooseEncoding(header), encoding);
  },
);
