import { assert, assertEquals } from "@std/assert";
import { readAsset, readSiteFile, SITE_FILE_PATHS } from "../../src/web/mod.ts";

const LIMITS = { timeout: 5_000 };
const MAX_FAVICON_BYTES = 4_096;

Deno.test("readSiteFile() returns each file with its type", LIMITS, () => {
  assertEquals(SITE_FILE_PATHS.map((path) => [path, readSiteFile(path)?.contentType]), [
    ["/favicon.ico", "image/x-icon"],
    ["/manifest.webmanifest", "application/manifest+json"],
    ["/robots.txt", "text/plain; charset=utf-8"],
  ]);
});

Deno.test.each([{ path: "/" }, { path: "robots.txt" }, { path: "constructor" }])(
  "readSiteFile() returns nothing for “$path”",
  LIMITS,
  ({ path }) => assertEquals(readSiteFile(path), undefined),
);

Deno.test("the manifest names icons that exist", LIMITS, () => {
  const { icons } = JSON.parse(String(readSiteFile("/manifest.webmanifest")?.body));
  assertEquals(icons.length, 2);
  for (const { src, type } of icons) {
    assertEquals(readAsset(src.slice("/assets/".length))?.contentType, type);
  }
});

Deno.test("the favicon is a small ICO with one picture", LIMITS, async () => {
  const body = new Uint8Array(await new Response(readSiteFile("/favicon.ico")?.body).arrayBuffer());
  assert(body.length < MAX_FAVICON_BYTES);
  assertEquals([...body.subarray(0, 8)], [0, 0, 1, 0, 1, 0, 32, 32]);
  assertEquals(new TextDecoder().decode(body.subarray(23, 26)), "PNG");
});
