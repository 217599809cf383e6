import { assertEquals, assertStringIncludes } from "@std/assert";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import type { Pages } from "../../src/web/routes.ts";
import * as web from "../../src/web/mod.ts";
import { createTestApp, SUMMARY, type TestAppOptions } from "../helpers/app.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { readProblem } from "../helpers/problems.ts";
import { FALLING_SUMMARY, risingAnswer } from "../helpers/samples.ts";

const TIME_LIMIT = { timeout: 10_000 };

/** An app whose pages count how often they are rendered. */
function createCountingApp(options: TestAppOptions = {}) {
  const renders = { page: 0, embed: 0 };
  const pages: Pages = {
    ...web,
    renderPage(view) {
      renders.page++;
      return web.renderPage(view);
    },
    renderEmbed(view) {
      renders.embed++;
      return web.renderEmbed(view);
    },
  };
  const loadWeb = () => Promise.resolve({ ...web, ...pages });
  return { ...createTestApp({ loadWeb, ...options }), renders };
}

Deno.test(
  "GET / and GET /embed answer in the language that the client prefers",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (const path of ["/", "/embed"]) {
      for (const language of ["en", "zh-CN"]) {
        const response = await request(path, { headers: { "accept-language": language } });
        assertEquals(response.status, 200);
        assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
        assertEquals(response.headers.get("content-language"), language);
        assertEquals(response.headers.get("vary"), "accept-encoding, accept-language");
        assertStringIncludes(await response.text(), `lang="${language}"`);
      }
    }
  },
);

Deno.test.each([
  { state: "no data", error: new NoDataError("none") },
  { state: "the store away", error: new StoreError("away") },
])("GET / and GET /embed answer 200 with $state", TIME_LIMIT, async ({ error }) => {
  const { request, answers } = createTestApp();
  const fail = () => Promise.reject(error);
  Object.assign(answers, { summary: fail, record: fail });
  for (const path of ["/", "/embed"]) {
    const response = await request(path);
    assertEquals(response.status, 200);
    await response.body?.cancel();
  }
});

Deno.test("GET / answers an unforeseen fault with a problem", TIME_LIMIT, async () => {
  const { request, answers } = createTestApp();
  answers.summary = () => Promise.reject(new TypeError("a bug"));
  const response = await request("/");
  assertEquals(response.status, 500);
  assertEquals((await readProblem(response)).type, "/docs/problems#internal");
});

Deno.test("GET / renders once per answer, language and minute", TIME_LIMIT, async () => {
  const { request, answers, renders } = createCountingApp();
  async function ask(language: string) {
    const responses = await Promise.all(
      [1, 2].map(() =>
        request("/", { headers: { "accept-language": language, "accept-encoding": "gzip" } })
      ),
    );
    for (const response of responses) await response.body?.cancel();
  }
  await ask("en");
  await ask("en");
  assertEquals(renders.page, 1);
  await ask("zh-CN");
  await ask("en");
  assertEquals(renders.page, 2);
  answers.now += 60_000;
  await ask("en");
  assertEquals(renders.page, 3);
  answers.summary = () => ({ ...SUMMARY, revision: 8 });
  await ask("en");
  assertEquals(renders, { page: 4, embed: 0 });
});

Deno.test("GET / renders again after a failure", TIME_LIMIT, async () => {
  let failures = 1;
  const feed = createFakeFeed({ test: risingAnswer });
  const loadFeed = () => failures-- > 0 ? Promise.reject(new Error("no")) : Promise.resolve(feed);
  const { request } = createTestApp({ loadFeed });
  assertEquals((await request("/")).status, 500);
  assertEquals((await request("/")).status, 200);
});

Deno.test(
  "GET / answers 304 to a client that has the page, until the answer changes",
  TIME_LIMIT,
  async () => {
    const { request, answers } = createTestApp();
    const etag = (await request("/")).headers.get("etag") ?? "";
    const ask = () => request("/", { headers: { "if-none-match": etag } });
    assertEquals((await ask()).status, 304);
    answers.summary = () => ({ revision: 8, ...FALLING_SUMMARY });
    assertEquals((await ask()).status, 200);
  },
);

Deno.test(
  "the files that GET / names are there, and may be kept for ever",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    const html = await (await request("/")).text();
    const paths = new Set([...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path));
    assertEquals(paths.size > 1, true);
    for (const path of paths) {
      const response = await request(path);
      assertEquals([path, response.status], [path, 200]);
      assertStringIncludes(response.headers.get("cache-control") ?? "", "immutable");
      await response.body?.cancel();
    }
  },
);
