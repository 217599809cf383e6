import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Assets } from "../../src/http/assets.ts";
import { findModules, loadAssets, TOUCH_ICON_SIZE } from "../../src/web/assets.ts";
import { PREVIEW_SIZE } from "../../src/web/head.ts";

const LIMITS = { timeout: 60_000 };
const MAX_PREVIEW_BYTES = 60_000;

const ASSETS = await loadAssets();

function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  const body = ASSETS.files.get(name)?.body;
  return typeof body === "string" ? new TextEncoder().encode(body) : body ?? new Uint8Array();
}

/** Reads the size from the header of a PNG. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  assertEquals(png.subarray(0, 8), new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function assetsOf(scripts: Record<string, string>): Pick<Assets, "files"> {
  const contentType = "text/javascript";
  return {
    files: new Map(
      Object.entries(scripts).map(([name, body]) => [name, { body, contentType }]),
    ),
  };
}

Deno.test("loadAssets() names a version by one hash of all files", LIMITS, async () => {
  assertMatch(ASSETS.hash, /^[\da-f]{12}$/);
  assertEquals((await loadAssets()).hash, ASSETS.hash);
});

// Pages of other versions ask for these names.
Deno.test.each([
  { name: "favicon.svg", type: "image/svg+xml" },
  { name: "touch-icon.png", type: "image/png" },
  { name: "preview.en.png", type: "image/png" },
  { name: "preview.zh-CN.png", type: "image/png" },
  { name: "page.css", type: "text/css; charset=utf-8" },
  { name: "embed.css", type: "text/css; charset=utf-8" },
  { name: "page.en.js", type: "text/javascript; charset=utf-8" },
  { name: "page.zh-CN.js", type: "text/javascript; charset=utf-8" },
  { name: "embed.en.js", type: "text/javascript; charset=utf-8" },
  { name: "embed.zh-CN.js", type: "text/javascript; charset=utf-8" },
])("loadAssets() has $name as $type", LIMITS, ({ name, type }) => {
  assertEquals(ASSETS.files.get(name)?.contentType, type);
  assert(bytesOf(name).length > 0);
});

Deno.test("findModules() finds what a script imports, and what that imports", LIMITS, () => {
  const assets = assetsOf({
    "a.js": `import { b } from "./b.js";\nimport {\n  c,\n} from "./c.js";\n`,
    "b.js": `/** @import { D } from "./d.js" */\nimport { c } from "./c.js";\n`,
    "c.js": `import { a } from "./a.js";\n`,
    "d.js": "",
  });
  assertEquals([...findModules(assets, "a.js")], ["b.js", "c.js"]);
  assertEquals([...findModules(assets, "d.js")], []);
  assertEquals([...findModules(assets, "none.js")], []);
});

Deno.test("findModules() finds modules that exist, and the words of one language", LIMITS, () => {
  for (
    const [script, words] of [["page.en.js", "words.en.js"], ["embed.zh-CN.js", "words.zh-CN.js"]]
  ) {
    const modules = [...findModules(ASSETS, script ?? "")];
    assertEquals(modules.filter((name) => !ASSETS.files.has(name)), []);
    assertEquals(modules.filter((name) => name.startsWith("words.")), [words]);
  }
});

for (const name of ["preview.en.png", "preview.zh-CN.png"]) {
  Deno.test(`${name} is a small picture of the size that the page names`, LIMITS, () => {
    assertEquals(sizeOf(bytesOf(name)), PREVIEW_SIZE);
    assert(bytesOf(name).length < MAX_PREVIEW_BYTES, `${bytesOf(name).length} bytes`);
  });
}

Deno.test("the icon for home screens has the size that the manifest names", LIMITS, () => {
  assertEquals(sizeOf(bytesOf("touch-icon.png")), {
    width: TOUCH_ICON_SIZE,
    height: TOUCH_ICON_SIZE,
  });
});
