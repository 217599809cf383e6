import { assert, assertEquals, assertMatch } from "@std/assert";
import { FAVICON, MODULES, PAGE_SCRIPT, readAsset, STYLES, UPLOT } from "../../src/web/assets.ts";

const NAMES = [FAVICON, STYLES, UPLOT, ...MODULES, PAGE_SCRIPT];

Deno.test("readAsset() gives each asset under a name that holds its hash", async () => {
  for (const name of NAMES) {
    const { body = "" } = readAsset(name) ?? {};
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
    const [, hash = ""] = /^\w+\.([\da-f]{12})\.(?:css|js|svg)$/.exec(name) ?? [];
    assertEquals(new Uint8Array(bytes).toHex().slice(0, 12), hash, name);
  }
});

Deno.test("readAsset() gives the type that a browser wants", () => {
  assertEquals(readAsset(STYLES)?.contentType, "text/css; charset=utf-8");
  assertEquals(readAsset(PAGE_SCRIPT)?.contentType, "text/javascript; charset=utf-8");
  assertEquals(readAsset(FAVICON)?.contentType, "image/svg+xml");
});

Deno.test.each([
  { name: "page.js" },
  { name: "../mod.ts" },
  { name: "constructor" },
  { name: "" },
])("readAsset() gives nothing for “$name”", ({ name }) => assertEquals(readAsset(name), undefined));

Deno.test("modules import each other under the names they are served by", () => {
  const imports = [...MODULES, PAGE_SCRIPT].flatMap((name) => [
    ...readAsset(name)?.body.matchAll(/ from "\.\/([^"]+)"/g) ?? [],
  ]);
  assert(imports.length > MODULES.length);
  for (const [, name = ""] of imports) assertMatch(MODULES.join(" "), new RegExp(`\\b${name}\\b`));
});
