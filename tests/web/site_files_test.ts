import { assert, assertEquals } from "@std/assert";
import { createSiteFiles } from "../../src/web/assets.ts";
import { ASSETS } from "./views.ts";

const LIMITS = { timeout: 60_000 };
const MAX_FAVICON_BYTES = 4_096;

const FILES = createSiteFiles(ASSETS);

Deno.test("createSiteFiles() creates each file with its type", LIMITS, () => {
  assertEquals([...FILES].map(([path, { contentType }]) => [path, contentType]), [
    ["/favicon.ico", "image/x-icon"],
    ["/manifest.webmanifest", "application/manifest+json"],
    ["/robots.txt", "text/plain; charset=utf-8"],
  ]);
});

Deno.test("the manifest names a start and icons that exist, below any path", LIMITS, () => {
  const { icons, start_url } = JSON.parse(String(FILES.get("/manifest.webmanifest")?.body));
  assertEquals(start_url, "./");
  assertEquals(icons.length, 2);
  for (const { src, type } of icons) {
    const name = src.replace(`assets/${ASSETS.hash}/`, "");
    assertEquals(ASSETS.files.get(name)?.contentType, type);
  }
});

Deno.test("the favicon is a small ICO with one picture", LIMITS, async () => {
  const { body } = FILES.get("/favicon.ico") ?? {};
  const bytes = new Uint8Array(await new Response(body).arrayBuffer());
  assert(bytes.length < MAX_FAVICON_BYTES);
  assertEquals([...bytes.subarray(0, 8)], [0, 0, 1, 0, 1, 0, 32, 32]);
  assertEquals(new TextDecoder().decode(bytes.subarray(23, 26)), "PNG");
});
