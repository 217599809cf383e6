import { assert, assertEquals } from "@std/assert";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { renderPage } from "../../src/web/page.ts";
import { bundleScripts, withScripts } from "./bundled_scripts.ts";
import { simulateHistory } from "./scripted_service.ts";
import { ASSETS, RECORD, viewIn } from "./views.ts";

const LIMITS = { timeout: 20_000 };
const MAX_FIRST_LOAD_BYTES = 30_000;

/** Smaller bodies are not compressed. */
const MIN_COMPRESSED_BYTES = 1_024;

const ENCODINGS = {
  gzip: (bytes: Uint8Array) => gzipSync(bytes).length,
  br: (bytes: Uint8Array) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
};

/** A record whose pay-off has as many points as the service sends. */
function monthOfCurve() {
  const from = Date.parse(RECORD.from);
  const curve = Array.from({ length: 144 }, (_, i) => ({
    time: new Date(from + 5 * i * HOUR_MS).toISOString(),
    hold: 1 + Math.sin(i / 7) / 13,
    lit_only: 1 + Math.cos(i / 5) / 17,
  }));
  return { ...RECORD, payoff: { ...RECORD.payoff, curve } };
}

const SCRIPTS = await bundleScripts();

Deno.test("the bundled scripts are one per page and language, and import nothing", LIMITS, () => {
  assertEquals([...SCRIPTS.keys()].sort(), [
    "embed.en.js",
    "embed.zh-CN.js",
    "page.en.js",
    "page.zh-CN.js",
  ]);
  for (const [name, script] of SCRIPTS) {
    assertEquals(/^(?:import|export)\b/m.test(script), false, name);
    assertEquals(/\p{Script=Han}|\\u[4-9]/u.test(script), name.includes("zh-CN"), name);
  }
});

Deno.test.each(
  LANGUAGES.flatMap((language) =>
    (["gzip", "br"] as const).map((encoding) => ({ language, encoding }))
  ),
)("the first load in $language weighs at most 30 KB with $encoding", LIMITS, (row) => {
  const assets = withScripts(ASSETS, SCRIPTS);
  const page = renderPage({
    ...viewIn("lit", row.language),
    assets,
    publicUrl: "https://lit.example",
  });
  const names = page.matchAll(
    /<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]*"assets\/\w+\/([^"]+)"/g,
  );
  const loaded = [...names].map(([, name = ""]) => assets.files.get(name)?.body ?? "");
  const bodies = [
    page,
    JSON.stringify(simulateHistory()),
    JSON.stringify(monthOfCurve()),
    ...loaded,
  ]
    .map((body) => typeof body === "string" ? new TextEncoder().encode(body) : body);
  assertEquals(bodies.length, 6);
  const sizes = bodies.map((body) =>
    body.length > MIN_COMPRESSED_BYTES ? ENCODINGS[row.encoding](body) : body.length
  );
  const sum = sizes.reduce((a, b) => a + b);
  assert(sum <= MAX_FIRST_LOAD_BYTES, `${sum} bytes: ${sizes.join(" + ")}`);
});
