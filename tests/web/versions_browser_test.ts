/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { shareBrowser } from "../helpers/browser.ts";
import { buildBundle } from "../helpers/bundle.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_NGINX } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { startNginx } from "../ops/nginx.ts";
import { portOf } from "../ops/raw_https.ts";

const WITH_NGINX = { ignore: !HAS_NGINX, timeout: 60_000 };
const LOADS = 20;

/** The paper of the pages in this version, and in one whose style differs. */
const PAPERS = { "#f7f7f5": "rgb(247, 247, 245)", "#d7f7f5": "rgb(215, 247, 245)" } as const;

const [PAPER, OTHER_PAPER] = Object.values(PAPERS);

const browserTest = shareBrowser();

/** Two builds of the service on one Redis, as during an update: the styles of the second differ. */
async function startVersions() {
  await using parts = new AsyncDisposableStack();
  const feed = parts.use(serveLocally(() => Response.json(simulateRows(Date.now()))));
  const environment = {
    REDIS_URL: parts.use(startEmbeddedRedis()).url,
    SENTIMENT_API_URL: feed.url,
  };
  const urls: string[] = [];
  for (const paper of Object.keys(PAPERS)) {
    const { directory } = parts.use(await buildBundle());
    for await (const { name } of Deno.readDir(directory)) {
      if (name.endsWith(".js")) await replaceIn(`${directory}/${name}`, ["#f7f7f5", paper]);
    }
    const options = { args: ["main.js"], folder: `${directory}/` };
    urls.push(await parts.use(runTask("serve", environment, options)).url);
  }
  const [url = "", otherUrl = ""] = urls;
  await eventually(async () => {
    const { ok, body } = await fetch(`${otherUrl}/lit.txt`);
    await body?.cancel();
    return ok;
  });
  const owned = parts.move();
  return { url, otherUrl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function replaceIn(path: string, [from, to]: readonly [string, string]): Promise<void> {
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replaceAll(from, to));
}

/** A balancer at its worst: no file of a page comes from the version that made the page. */
function serveCrossed({ pages, files }: { pages: string; files: string }) {
  return serveLocally(async (request) => {
    const { pathname, search } = new URL(request.url);
    const isFile = /^\/(?:assets|docs\/files)\//.test(pathname);
    try {
      return await fetch((isFile ? files : pages) + pathname + search, request);
    } catch {
      // The page closed its stream.
      return new Response(null, { status: 502 });
    }
  });
}

browserTest("pages have the style and the script of either version", async (browser) => {
  await using versions = await startVersions();
  const { url, otherUrl } = versions;
  for (
    const { pages, files, paper } of [
      { pages: url, files: otherUrl, paper: OTHER_PAPER },
      { pages: otherUrl, files: url, paper: PAPER },
    ]
  ) {
    await using balancer = serveCrossed({ pages, files });
    for (
      const [path, said] of [["", "Live:"], ["docs", "Try requests"]]
    ) {
      await using visit = await browser.visit(`${balancer.url}${path}`);
      await visit.says(said ?? "");
      const background = await visit.page.$eval(
        "body",
        (body) => getComputedStyle(body).backgroundColor,
      );
      assertEquals([path, background, visit.errors], [path, paper, []]);
    }
  }
});

Deno.test(
  "nginx in front of two versions answers every file of every page",
  WITH_NGINX,
  async () => {
    await using versions = await startVersions();
    const { url, otherUrl } = versions;
    await using nginx = await startNginx(portOf({ url }), [
      [
        "server 127.0.0.1:8000;",
        `server 127.0.0.1:8000; server 127.0.0.1:${portOf({ url: otherUrl })};`,
      ],
      // Each instance takes its turn, whichever process of nginx asks.
      ["upstream is_bitcoin_lit {", "upstream is_bitcoin_lit { zone versions 64k;"],
    ]);
    const hashes = new Set<string>();
    for (let i = 0; i < LOADS; i++) {
      // Each reader has an address, since nginx limits what one may ask for.
      const options = { client: nginx.client, headers: { "x-test-client": `203.0.113.${i}` } };
      for (const path of ["/", "/?lang=zh-CN", "/embed", "/docs"]) {
        const page = await (await fetch(nginx.url + path, options)).text();
        const files = page.matchAll(/"((?:assets|docs\/files)\/(\w+)\/[^"]+)"/g);
        for (const [, file = "", hash = ""] of files) {
          if (path === "/") hashes.add(hash);
          const response = await fetch(`${nginx.url}/${file}`, options);
          await response.body?.cancel();
          assertEquals([file, response.status], [file, 200]);
        }
      }
    }
    assertEquals(hashes.size, 2);
  },
);
