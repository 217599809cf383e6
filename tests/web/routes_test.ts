import { assertEquals, assertStringIncludes } from "@std/assert";
import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { createTestApp, READINESS, RECORD, SUMMARY } from "../helpers/app.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { readProblem } from "../helpers/problems.ts";
import { FALLING_SUMMARY, risingAnswer } from "../helpers/samples.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** An app that counts how often a page is rendered: each needs the feed's description. */
function createCountingApp() {
  const count = { renders: 0 };
  const feed = createFakeFeed({ test: risingAnswer });
  const loadFeed = () => {
    count.renders++;
    return Promise.resolve(feed);
  };
  return Object.assign(createTestApp({ loadFeed }), { count });
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

Deno.test("GET / renders once per answer, language and track record", TIME_LIMIT, async () => {
  const { request, answers, count } = createCountingApp();
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
  assertEquals(count.renders, 1);
  await ask("zh-CN");
  await ask("en");
  assertEquals(count.renders, 2);
  answers.now += 60_000;
  await ask("en");
  assertEquals(count.renders, 2);
  const record = { ...RECORD };
  answers.record = () => record;
  await ask("en");
  assertEquals(count.renders, 3);
  answers.summary = () => ({ ...SUMMARY, revision: 8 });
  await ask("en");
  assertEquals(count.renders, 4);
});

Deno.test(
  "GET / takes the language of its query before that of the header",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (const [lang, other] of [["en", "zh-CN"], ["zh-CN", "en"]] as const) {
      const response = await request(`/?lang=${lang}`, { headers: { "accept-language": other } });
      await response.body?.cancel();
      assertEquals(response.headers.get("content-language"), lang);
    }
  },
);

Deno.test("GET / says that sources are away once it was found out", TIME_LIMIT, async () => {
  const { request, answers } = createTestApp();
  answers.readiness = () => Promise.resolve({ ...READINESS, degraded: true });
  const isSaid = async () => (await (await request("/")).text()).includes("sources are away now");
  assertEquals([await isSaid(), await isSaid()], [false, true]);
});

Deno.test("GET / keeps the 16 pages that were asked for last", TIME_LIMIT, async () => {
  const { request, answers, count } = createCountingApp();
  async function ask(revision: number) {
    const summary = { ...SUMMARY, revision };
    answers.summary = () => summary;
    await (await request("/")).body?.cancel();
  }
  for (let revision = 1; revision <= 16; revision++) await ask(revision);
  await ask(1);
  assertEquals(count.renders, 16);
  await ask(17);
  await ask(1);
  assertEquals(count.renders, 17);
  await ask(2);
  assertEquals(count.renders, 18);
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
  "GET /assets answers with what the pages name, to keep for ever",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (const page of ["/", "/embed", "/manifest.webmanifest"]) {
      const text = await (await request(page)).text();
      const paths = new Set([...text.matchAll(/"(assets\/[^"]+)"/g)].map(([, path = ""]) => path));
      assertEquals(paths.size > 1, true);
      for (const path of paths) {
        const response = await request(`/${path}`);
        assertEquals([path, response.status], [path, 200]);
        assertStringIncludes(response.headers.get("cache-control") ?? "", "immutable");
        await response.body?.cancel();
      }
    }
  },
);

Deno.test(
  "GET /assets answers a page of another version with this version's file, not to keep",
  TIME_LIMIT,
  async () => {
    const { request } = createTestApp();
    for (const name of ["page.css", "page.en.js", "page.zh-CN.js", "embed.css", "embed.en.js"]) {
      const response = await request(`/assets/0123456789ab/${name}`);
      assertEquals([name, response.status], [name, 200]);
      assertEquals(response.headers.get("cache-control"), "no-cache");
      await response.body?.cancel();
    }
  },
);

Deno.test.each([
  { path: "/assets/page.css" },
  { path: "/assets/0123456789ab/none.js" },
  { path: "/assets/0123456789ab/constructor" },
  { path: "/assets/0123456789ab/..%2Fassets.ts" },
])("GET $path is a problem", TIME_LIMIT, async ({ path }) => {
  const response = await createTestApp().request(path);
  assertEquals(response.status, 404);
  assertEquals((await readProblem(response)).type, "/docs/problems#not-found");
});
