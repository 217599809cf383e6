import { assert, assertEquals } from "@std/assert";
import { simulateHours } from "../../dev/senticrypt.ts";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { loadFeed } from "../../src/feeds/mod.ts";
import { compress } from "../../src/http/compress.ts";
import type { Metric } from "../../src/samples/sample.ts";
import { computeTrackRecord } from "../../src/track_record/track_record.ts";
import type { TrackRecord } from "../../src/track_record/wire.ts";
import { renderPage } from "../../src/web/page.ts";
import { createTestApp } from "../helpers/app.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { NOW } from "../helpers/samples.ts";
import { WORDS } from "../../src/web/view.ts";
import { bundleScripts, withScripts } from "./bundled_scripts.ts";
import { simulateHistory } from "./scripted_service.ts";
import { ASSETS, viewIn } from "./views.ts";

const LIMITS = { timeout: 60_000 };
const MAX_FIRST_LOAD_BYTES = 30_000;

/** Smaller bodies are not compressed. */
const MIN_COMPRESSED_BYTES = 1_024;

/** A month as the service sends it: with a spell every ten hours, and digits that averages have. */
function simulateMonth(now: number) {
  const rows = simulateHours(now).map(({ timestamp, btc_price, mean }) => {
    const digits = 1 + Math.sin(timestamp) / 1e6;
    return { time: timestamp * 1_000, price: Number(btc_price) * digits, sentiment: mean * digits };
  });
  const valuesOf = (metric: Metric) => rows.map((row) => ({ time: row.time, value: row[metric] }));
  const averages = { price: valuesOf("price"), sentiment: valuesOf("sentiment") };
  return computeTrackRecord(averages, { feed: "live", days: 30, asOf: now }).record;
}

async function readBodies(record: TrackRecord): Promise<string[]> {
  const { request, answers } = createTestApp();
  answers.record = () => record;
  answers.history = () => simulateHistory();
  const paths = ["/track-record", "/history?hours=24&bucket=15m"];
  return await Promise.all(paths.map(async (path) => await (await request(path)).text()));
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

Deno.test("the scripts go without the words that only the server writes", LIMITS, () => {
  const script = SCRIPTS.get("page.en.js") ?? "";
  const { retrying } = WORDS.en.updates;
  const { disclaimer, ways } = WORDS.en;
  const found = [retrying, disclaimer, ways.readHow].filter((text) => script.includes(text));
  assertEquals(found, [retrying]);
});

Deno.test.each(
  LANGUAGES.flatMap((language) =>
    (["gzip", "br"] as const).map((encoding) => ({ language, encoding }))
  ),
)("the first load in $language weighs at most 30 KB with $encoding", LIMITS, async (row) => {
  const record = simulateMonth(NOW);
  assert(record.spells.length >= 70, `The month has only ${record.spells.length} spells`);
  const assets = withScripts(ASSETS, SCRIPTS);
  const { description } = await loadFeed("live", feedOptions());
  const page = renderPage({
    ...viewIn("lit", row.language),
    description,
    record,
    assets,
    publicUrl: "https://lit.example",
  });
  const names = page.matchAll(
    /<(?:script|link rel="(?:stylesheet|icon|modulepreload)")[^>]*"assets\/\w+\/([^"]+)"/g,
  );
  const loaded = [...names].map(([, name = ""]) => assets.files.get(name)?.body ?? "");
  const bodies = [page, ...await readBodies(record), ...loaded]
    .map((body) => typeof body === "string" ? new TextEncoder().encode(body) : body);
  assertEquals(bodies.length, 6);
  const sent = await Promise.all(
    bodies.map((body) => body.length > MIN_COMPRESSED_BYTES ? compress(body, row.encoding) : body),
  );
  const sizes = sent.map(({ length }) => length);
  const sum = sizes.reduce((a, b) => a + b);
  assert(sum <= MAX_FIRST_LOAD_BYTES, `${sum} bytes: ${sizes.join(" + ")}`);
});
