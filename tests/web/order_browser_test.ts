/// <reference lib="dom" />
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { AnswerContent } from "../../src/web/view.ts";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { eventually } from "../helpers/eventually.ts";
import {
  respondWithAnswer,
  respondWithHistory,
  serveScript,
  simulateHistory,
  withContent,
} from "./scripted_service.ts";
import { LIT, RECORD, STALE, UNLIT, viewOf } from "./views.ts";

const FAST = { speed: 50 };
/** So slow that no timer of the page ends within a test. */
const SLOW = { speed: 0.001 };

const browserTest = shareBrowser();

function lit(revision: number): AnswerContent {
  return { answer: LIT, revision };
}

function unlit(revision: number): AnswerContent {
  return { answer: UNLIT, revision };
}

/** Makes the page do what it does when its reader returns to the tab. */
async function returnTo({ page }: Visit): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}

/** Collects the titles that the page has from now on, in order. */
async function watchTitles({ page }: Visit): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const titles = [document.title];
    const observer = new MutationObserver(() => {
      if (titles.at(-1) !== document.title) titles.push(document.title);
    });
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    Object.assign(globalThis, { titles });
  });
  return async () => await page.evaluate(() => Reflect.get(globalThis, "titles"));
}

/** Counts the requests of a path. */
function countRequests({ requests }: Visit, path: string): number {
  return requests.filter((url) => new URL(url).pathname === path).length;
}

browserTest("the page drops a fetch that a newer event overtook", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("Live:");
  const titles = await watchTitles(visit);
  const late = Promise.withResolvers<void>();
  // On a busy machine the page asks again meanwhile, and a response can be sent only once.
  service.routes.set(
    "/is-bitcoin-lit",
    () => late.promise.then(() => respondWithAnswer(lit(5))),
  );
  const asked = countRequests(visit, "/is-bitcoin-lit");
  await returnTo(visit);
  await eventually(() => countRequests(visit, "/is-bitcoin-lit") > asked);
  service.send(unlit(6));
  await visit.says("No\nit’s not lit.");
  service.view = withContent(service.view, unlit(6));
  service.routes.set("/is-bitcoin-lit", () => respondWithAnswer(service.view));
  late.resolve();
  // Asking once more means that the late response has been read.
  await eventually(() => countRequests(visit, "/is-bitcoin-lit") > asked + 1);
  await visit.says("Live:");
  // On a busy machine the fast page may miss an answer in between; it must not show the late one.
  const [first, ...later] = await titles();
  assertStringIncludes(first ?? "", "Yes, since ");
  assertEquals(later.filter((title) => title.startsWith("Yes")), []);
});

browserTest("the page drops an older event and an older answer", async (browser) => {
  await using service = serveScript(viewOf(unlit(6)));
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("Live:");
  const titles = await watchTitles(visit);
  let older = 0;
  service.routes.set("/is-bitcoin-lit", () => respondWithAnswer(older++ === 0 ? lit(5) : unlit(6)));
  service.send(lit(4));
  await returnTo(visit);
  await eventually(() => older >= 2);
  service.send({ answer: STALE, revision: 7 });
  await visit.says("Can’t say");
  // Only the older ones were lit. On a busy machine the fast page may miss an answer in between.
  assertEquals((await titles()).filter((title) => title.startsWith("Yes")), []);
});

browserTest("the page follows a store that went back", async (browser) => {
  await using service = serveScript(viewOf(unlit(6)));
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("Live:");
  service.view = withContent(service.view, lit(3));
  service.send(lit(3));
  await visit.says("Yes\nit’s lit.");
});

browserTest("the page takes what changes within a revision", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  await using visit = await browser.visit(service.url);
  await visit.says("Live:");
  service.send({ answer: STALE, revision: 5 });
  await visit.says("Can’t say\nthe data is old.");
});

browserTest("the page asks again after an answer that never came", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  const never = Promise.withResolvers<Response>();
  let asked = 0;
  service.routes.set("/is-bitcoin-lit", () => {
    asked++;
    return asked === 1 ? never.promise : respondWithAnswer(unlit(6));
  });
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("No\nit’s not lit.");
  never.resolve(respondWithAnswer(lit(5)));
});

browserTest("the page asks again after a history that never came", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  const never = Promise.withResolvers<Response>();
  let asked = 0;
  service.routes.set("/history", () => {
    asked++;
    return asked === 1 ? never.promise : respondWithHistory(lit(5), simulateHistory(36_000));
  });
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("is at $36,000");
  never.resolve(respondWithHistory(lit(5), service.history));
});

browserTest(
  "the page opens new event streams after a proxy responded with 502",
  async (browser) => {
    await using service = serveScript(viewOf(lit(5)));
    const { routes } = service;
    const open = routes.get("/events");
    let failures = 0;
    routes.set("/events", (request) => {
      failures++;
      return failures > 3 && open !== undefined ? open(request) : new Response("", { status: 502 });
    });
    await using visit = await browser.visit(service.url, FAST);
    await visit.says("Live:");
    service.send(unlit(6));
    await visit.says("No\nit’s not lit.");
  },
);

for (const event of ["online", "visibilitychange", "pageshow"]) {
  browserTest(`the page asks and connects at once on ${event}`, async (browser) => {
    await using service = serveScript(viewOf(lit(5)));
    const { routes } = service;
    const open = routes.get("/events") ?? (() => new Response());
    routes.set("/events", () => new Response("", { status: 502 }));
    await using visit = await browser.visit(service.url, SLOW);
    await visit.says("Connecting again");
    routes.set("/events", open);
    service.view = withContent(service.view, unlit(6));
    await visit.page.evaluate((type) => {
      const target = type === "visibilitychange" ? document : globalThis;
      target.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
    }, event);
    await visit.says("No\nit’s not lit.");
    await visit.says("Live:");
  });
}

browserTest("the page connects again after a stream has ended", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  await using visit = await browser.visit(service.url);
  await visit.says("Live:");
  service.endStreams();
  await eventually(() => countRequests(visit, "/events") === 2);
  await visit.says("Live:");
});

browserTest("the page renews the track record when an hour has passed", async (browser) => {
  await using service = serveScript({ ...viewOf(lit(5)), record: undefined });
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("The past hours can’t be read right now.");
  service.view = { ...service.view, record: RECORD };
  await visit.says("lit 8 of 710 known hours");
  const asked = countRequests(visit, "/track-record");
  service.send(unlit(6));
  await visit.says("No\nit’s not lit.");
  assertEquals(countRequests(visit, "/track-record"), asked);
  const record = { ...RECORD, to: "2021-07-07T13:00:00.000Z", lit_hours: 9 };
  const later = { answer: { ...LIT, as_of: "2021-07-07T13:15:00.000Z" }, revision: 7 };
  service.view = { ...viewOf(later), record };
  service.send(later);
  await visit.says("lit 9 of 710 known hours");
});

browserTest(
  "the page draws the chart again for a new revision of the same data",
  async (browser) => {
    await using service = serveScript(viewOf(lit(5)));
    await using visit = await browser.visit(service.url);
    await visit.says("is at $34,500");
    await visit.says("Live:");
    service.view = withContent(service.view, lit(6));
    service.history = simulateHistory(35_000);
    service.send(lit(6));
    await visit.says("is at $35,000");
  },
);

browserTest("the chart shows the newest values of a time that has both", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  const { points } = service.history;
  const [last] = points.slice(-1);
  service.history = {
    ...service.history,
    points: points.map((point) => point === last ? { ...point, sentiment: null } : point),
  };
  await using visit = await browser.visit(service.url);
  await visit.page.waitForSelector("#chart .price");
  const readValue = () => visit.page.$eval("#chart", ({ ariaValueText }) => ariaValueText ?? "");
  assertStringIncludes(await readValue(), "12:15: price $");
  await visit.page.focus("#chart");
  await visit.page.keyboard.press("ArrowRight");
  assertMatch(await readValue(), /^12:30: price .*, sentiment –$/);
});

browserTest("the page fetches a history again that is older than the answer", async (browser) => {
  await using service = serveScript(viewOf(lit(5)));
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("is at $34,500");
  await visit.says("Live:");
  let asked = 0;
  service.routes.set("/history", () => {
    asked++;
    return respondWithHistory(lit(asked < 3 ? 5 : 6), simulateHistory(asked < 3 ? 34_000 : 35_000));
  });
  service.send(lit(6));
  await visit.says("is at $35,000");
});
