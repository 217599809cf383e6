import { assert } from "@std/assert";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { readAsset, renderPage } from "../../src/web/mod.ts";
import { simulateHistory } from "./scripted_service.ts";
import { viewIn } from "./views.ts";

const LIMITS = { timeout: 10_000 };
const MAX_FIRST_LOAD_BYTES = 40_000;

const ENCODINGS = {
  gzip: (bytes: Uint8Array) => gzipSync(bytes).length,
  br: (bytes: Uint8Array) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
};

/** All bodies of a first visit: the page, the files it loads, and the history. */
function firstLoadOf(page: string): Uint8Array[] {
  const names = [
    ...page.matchAll(/<(?:script|link rel="(?:stylesheet|icon)")[^>]*\/assets\/([^"]+)"/g),
  ];
  const bodies = names.map(([, name = ""]) => readAsset(name)?.body ?? "");
  const texts = [page, JSON.stringify(simulateHistory()), ...bodies];
  return texts.map((body) => typeof body === "string" ? new TextEncoder().encode(body) : body);
}

Deno.test.each(
  LANGUAGES.flatMap((language) =>
    (["gzip", "br"] as const).map((encoding) => ({ language, encoding }))
  ),
)("the first load in $language weighs at most 40 KB with $encoding", LIMITS, (row) => {
  const publicUrl = "https://lit.example";
  const bodies = firstLoadOf(renderPage({ ...viewIn("lit", row.language), publicUrl }));
  assert(bodies.length === 5, `${bodies.length} bodies`);
  const sizes = bodies.map((body) =>
    body.length > 1_024 ? ENCODINGS[row.encoding](body) : body.length
  );
  const sum = sizes.reduce((a, b) => a + b);
  assert(sum <= MAX_FIRST_LOAD_BYTES, `${sum} bytes: ${sizes.join(" + ")}`);
});
