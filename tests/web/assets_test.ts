import { assert, assertEquals, assertMatch } from "@std/assert";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import {
  EMBED_SCRIPTS,
  EMBED_STYLES,
  FAVICON,
  PAGE_SCRIPTS,
  PAGE_STYLES,
  previewOf,
  readAsset,
  TOUCH_ICON,
} from "../../src/web/assets.ts";
import { MODULES } from "../../src/web/browser_modules.ts";
import { PREVIEW_SIZE, PREVIEWS } from "../../src/web/pictures.ts";
import { TOUCH_ICON_SIZE } from "../../src/web/site_files.ts";

const LIMITS = { timeout: 5_000 };
const MAX_PREVIEW_BYTES = 60_000;

const SCRIPTS = LANGUAGES.flatMap((language) => [PAGE_SCRIPTS[language], EMBED_SCRIPTS[language]]);
const PICTURES = PREVIEWS.map(({ state, language }) => previewOf(state, language) ?? "");
const NAMES = [FAVICON, TOUCH_ICON, PAGE_STYLES, EMBED_STYLES, ...SCRIPTS, ...PICTURES];

function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  const body = readAsset(name)?.body;
  return typeof body === "string" ? new TextEncoder().encode(body) : body ?? new Uint8Array();
}

/** Reads the size from the header of a PNG. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  assertEquals(png.subarray(0, 8), new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

Deno.test("readAsset() returns each asset under a name with its hash", LIMITS, async () => {
  for (const name of NAMES) {
    const bytes = await crypto.subtle.digest("SHA-256", bytesOf(name));
    const hash = /\.([\da-f]{12})\.(?:css|js|svg|png)$/.exec(name)?.[1];
    assertEquals(new Uint8Array(bytes).toHex().slice(0, 12), hash, name);
  }
});

Deno.test.each([
  { name: FAVICON, type: "image/svg+xml" },
  { name: PAGE_STYLES, type: "text/css; charset=utf-8" },
  { name: PAGE_SCRIPTS.en, type: "text/javascript; charset=utf-8" },
  { name: TOUCH_ICON, type: "image/png" },
])("readAsset() returns $type", LIMITS, ({ name, type }) => {
  assertEquals(readAsset(name)?.contentType, type);
});

Deno.test.each([
  { name: "page.js" },
  { name: "../mod.ts" },
  { name: "constructor" },
  { name: "" },
])("readAsset() returns nothing for “$name”", LIMITS, ({ name }) => {
  assertEquals(readAsset(name), undefined);
});

Deno.test("scripts have no syntax error", LIMITS, () => {
  for (const name of SCRIPTS) new Function(new TextDecoder().decode(bytesOf(name)));
});

Deno.test("scripts import nothing and have the words of one language", LIMITS, () => {
  for (const name of SCRIPTS) {
    const script = new TextDecoder().decode(bytesOf(name));
    assertEquals(/^(?:import|export)\b/m.test(script), false, name);
    assertEquals(/\p{Script=Han}/u.test(script), name.includes("zh-CN"), name);
    assertMatch(script, /^startPage\(words\);$|^startEmbed\(words\);$/m);
  }
});

Deno.test("every module for the browser is listed", LIMITS, async () => {
  const folder = new URL("../../src/web/browser/", import.meta.url);
  const files = [
    ...await Array.fromAsync(Deno.readDir(folder), ({ name }) => name),
    ...await Array.fromAsync(
      Deno.readDir(new URL("words/", folder)),
      ({ name }) => `words/${name}`,
    ),
  ].filter((name) => name.endsWith(".js"));
  assertEquals([...MODULES.keys()].sort(), files.map((name) => `./${name}`).sort());
});

Deno.test.each(PREVIEWS.map(({ state, language }) => ({ state, language })))(
  "the preview of $state in $language is a small picture",
  LIMITS,
  ({ state, language }) => {
    const png = bytesOf(previewOf(state, language) ?? "");
    assertEquals(sizeOf(png), PREVIEW_SIZE);
    assert(png.length < MAX_PREVIEW_BYTES, `${png.length} bytes`);
  },
);

Deno.test("the icon for home screens has the size that the manifest names", LIMITS, () => {
  assertEquals(sizeOf(bytesOf(TOUCH_ICON)), { width: TOUCH_ICON_SIZE, height: TOUCH_ICON_SIZE });
});
