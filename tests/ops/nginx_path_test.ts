import { assert, assertEquals } from "@std/assert";
import { createTestApp } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { type Nginx, startNginx } from "./nginx.ts";
import { portOf } from "./raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 60_000 };

/** `ops/nginx.conf` with the service below a path, which nginx removes. */
const BELOW_A_PATH = [
  ["location / {", "location /btc/ { proxy_pass http://is_bitcoin_lit/; } location / {"],
] as const;

/** The URLs that a file of the service names. */
function findUrls(text: string): string[] {
  const urls = text.matchAll(/(?:href|src|"src"|"start_url")[=:]"([^"#]+)"/g);
  return [...new Set(Array.from(urls, ([, url = ""]) => url.replaceAll("&amp;", "&")))];
}

async function fetchText({ url, client }: Nginx, path: string): Promise<string> {
  const response = await fetch(new URL(path, url), { client });
  assertEquals([path, response.status], [path, 200]);
  return await response.text();
}

Deno.test("every link and file of the pages works below a path of nginx", WITH_NGINX, async () => {
  const { handler } = createTestApp();
  await using service = serveLocally((request) => handler(request));
  await using nginx = await startNginx(portOf(service), BELOW_A_PATH);
  for (const path of ["/btc/", "/btc/embed", "/btc/manifest.webmanifest"]) {
    const urls = findUrls(await fetchText(nginx, path));
    assert(urls.length > 1, `${path} names ${urls}`);
    for (const url of urls) {
      const { pathname, search } = new URL(url, `https://lit.example${path}`);
      assert(pathname.startsWith("/btc/"), `${path} names ${url}`);
      await fetchText(nginx, pathname + search);
    }
  }
});
