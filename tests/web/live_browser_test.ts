/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import { MINUTE_MS } from "../../src/samples/bucket.ts";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { bundleScripts, withScripts } from "./bundled_scripts.ts";
import {
  respondWithAnswer,
  serveScript,
  simulateHistory,
  withContent,
} from "./scripted_service.ts";
import { ASSETS, LIT, RECORD, UNLIT, viewIn, viewOf } from "./views.ts";

const FAST = { speed: 50 };

const browserTest = shareBrowser();

/** Waits until the page has painted what changes every second. */
async function waitForTick({ page }: Visit): Promise<void> {
  const readAge = () => page.$eval("#age", ({ textContent }) => textContent);
  const age = await readAge();
  await eventually(async () => await readAge() !== age);
}

browserTest(
  "ten tabs, then twelve navigations in one, load over HTTP/1.1 with a stream per visible page",
  async (browser) => {
    await using service = serveScript(viewIn("lit"));
    await using tabs = new AsyncDisposableStack();
    const visits: Visit[] = [];
    for (let i = 0; i < 10; i++) {
      const visit = tabs.use(await browser.visit(service.url, FAST));
      await visit.page.bringToFront();
      await visit.says("Live:");
      visits.push(visit);
    }
    await eventually(() => service.streams === 1);
    for (const [i, visit] of visits.entries()) {
      const state = await visit.page.evaluate(() => document.visibilityState);
      assertEquals(state, i === 9 ? "visible" : "hidden");
    }
    const { page, says } = visits[9]!;
    for (let i = 0; i < 6; i++) {
      await page.click(".languages [lang=zh-CN]");
      await says("实时：");
      await page.click(".languages [lang=en]");
      await says("Live:");
    }
    await eventually(() => service.streams === 1);
  },
);

browserTest("a page that opens hidden opens a stream when it is shown", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url, {
    before: () => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    },
  });
  await visit.says("12 seconds ago");
  assertEquals(visit.requests.filter((url) => url.endsWith("/events")), []);
  await visit.page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "visible" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await visit.says("Live:");
});

browserTest(
  "twelve navigations in one tab load, and Back shows what is true now",
  async (browser) => {
    await using service = serveScript(viewIn("lit"));
    await using visit = await browser.visit(service.url);
    for (let i = 0; i < 6; i++) {
      await visit.page.click(".languages [lang=zh-CN]");
      await visit.says("实时：");
      await visit.page.evaluate(() => void Object.assign(globalThis, { kept: true }));
      await visit.page.click(".languages [lang=en]");
      await visit.says("Live:");
    }
    await eventually(() => service.streams === 1);
    service.view = withContent(service.view, { answer: UNLIT, revision: 2 });
    await visit.page.goBack();
    assertEquals(await visit.page.evaluate(() => Reflect.get(globalThis, "kept")), true);
    await visit.says("没火");
    await visit.says("实时：");
    await eventually(() => service.streams === 1);
  },
);

browserTest("a page out of a cache takes the time from the service", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url);
  await visit.says("so far");
  await visit.says("12 seconds ago");
  const cached = await (await fetch(service.url)).text();
  service.routes.set("/", () => new Response(cached, { headers: { "content-type": "text/html" } }));
  service.now += 60 * MINUTE_MS;
  await visit.page.reload();
  await visit.says("60 minutes ago");
  const text = await visit.page.$eval("#hours", ({ textContent }) => textContent);
  assertEquals(text.includes("so far"), false);
});

browserTest("the page adds the Age of an answer from a shared cache", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  service.routes.set("/is-bitcoin-lit", () => {
    const response = respondWithAnswer(service.view);
    response.headers.set("age", "300");
    return response;
  });
  await using visit = await browser.visit(service.url);
  await visit.says("5 minutes ago");
});

for (const path of ["", "embed"]) {
  browserTest(`/${path} works where the browser does not know its time zone`, async (browser) => {
    await using service = serveScript(viewIn("lit"));
    await using visit = await browser.visit(service.url + path, {
      before: () => {
        const { resolvedOptions } = Intl.DateTimeFormat.prototype;
        Intl.DateTimeFormat.prototype.resolvedOptions = function () {
          return { ...resolvedOptions.call(this), timeZone: "Etc/Unknown" };
        };
      },
    });
    await eventually(() => service.streams === 1);
    service.send({ answer: UNLIT, revision: 2 });
    await visit.says("No");
    if (path === "") await visit.says("July 7, 2021, UTC");
    assertEquals(visit.errors, []);
  });
}

browserTest("what a translator changed stays until its content changes", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(service.url, {
    // As Chrome's translator does, after each change.
    before: () => {
      new MutationObserver(() => {
        for (const part of document.querySelectorAll("#answer, #updates")) {
          const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
          const texts = [];
          while (walker.nextNode()) texts.push(walker.currentNode as Text);
          for (const text of texts) {
            if (text.parentElement?.localName === "font" || text.data.trim() === "") continue;
            const font = document.createElement("font");
            font.append(text.data.toUpperCase());
            text.replaceWith(font);
          }
        }
      }).observe(document, { childList: true, subtree: true });
    },
  });
  await visit.says("LIVE:");
  const parts = await Promise.all(
    ["#answer font", "#updates font"].map((part) => visit.page.$(part)),
  );
  await visit.page.evaluate(() => document.title = "TRANSLATED");
  await waitForTick(visit);
  assertEquals(await visit.page.title(), "TRANSLATED");
  for (const part of parts) assert(await part?.evaluate(({ isConnected }) => isConnected));
  service.send({ answer: UNLIT, revision: 2 });
  await visit.says("IT’S NOT LIT.");
  assertMatch(await visit.page.title(), /^No, last lit /);
});

browserTest(
  "the page opens a silent connection anew, and is live only while it hears",
  async (browser) => {
    await using service = serveScript(viewIn("lit"));
    const { routes } = service;
    const open = routes.get("/events") ?? (() => new Response());
    let opened = 0;
    // Open, and silent.
    routes.set("/events", () => {
      opened++;
      return new Response(new ReadableStream(), {
        headers: { "content-type": "text/event-stream" },
      });
    });
    await using visit = await browser.visit(service.url, FAST);
    await visit.says("Connecting again");
    await eventually(() => opened >= 2);
    assertEquals(
      (await visit.page.$eval("body", ({ innerText }) => innerText)).includes("Live:"),
      false,
    );
    routes.set("/events", open);
    await visit.says("Live:");
    // Nothing comes after the first heartbeat: the page must notice.
    await visit.says("Connecting again");
  },
);

browserTest("the page shows a longer record although the data has not changed", async (browser) => {
  const short = { ...RECORD, lit_hours: 1, known_hours: 2 };
  await using service = serveScript({ ...viewIn("lit"), record: short });
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("lit 1 of 2 known hours");
  service.view = { ...service.view, record: RECORD };
  await visit.says("lit 8 of 710 known hours");
});

browserTest("the chart follows a store that went back", async (browser) => {
  await using service = serveScript(viewOf({ answer: LIT, revision: 6 }));
  await using visit = await browser.visit(service.url, FAST);
  await visit.says("is at $34,500");
  service.history = simulateHistory(33_000);
  service.view = withContent(service.view, { answer: UNLIT, revision: 3 });
  await visit.says("is at $33,000");
});

browserTest("a part that throws stops neither the others nor the polling", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  let histories = 0;
  let answers = 0;
  service.routes.set("/history", () => {
    histories++;
    return Response.json({ points: "none" }, { headers: { etag: `"1-hash"` } });
  });
  service.routes.set("/is-bitcoin-lit", () => {
    answers++;
    if (answers === 2) return Response.json({}, { headers: { etag: `"1-hash"` } });
    return respondWithAnswer(service.view);
  });
  await using visit = await browser.visit(service.url, FAST);
  await eventually(() => answers >= 5);
  // It threw while it was drawn, not on the way: to fetch it again would bring the same.
  assert(histories <= 3, `${histories} histories`);
  assertEquals(visit.errors[0], "TypeError: history.points.map is not a function");
  await visit.says("Yes\nit’s lit.");
  await visit.says("12 seconds ago");
});

browserTest("the page works below a path that a proxy removes", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using proxy = serveLocally((request) => {
    const { pathname, search } = new URL(request.url);
    if (!pathname.startsWith("/btc/")) return new Response(null, { status: 404 });
    return fetch(service.url + pathname.slice("/btc/".length) + search, {
      headers: request.headers,
      signal: request.signal,
    });
  });
  await using visit = await browser.visit(`${proxy.url}btc/`);
  await visit.says("Live:");
  await visit.says("is at $34,500");
  await visit.says(`src="${proxy.url}btc/embed?lang=en"`);
  assertEquals(visit.errors, []);
  assertEquals(visit.requests.filter((url) => !url.startsWith(`${proxy.url}btc/`)), []);
  await visit.page.click(".languages [lang=zh-CN]");
  await visit.says("实时：");
});

browserTest("the bundled scripts do what the modules do", async (browser) => {
  const assets = withScripts(ASSETS, await bundleScripts());
  await using service = serveScript({ ...viewIn("lit"), assets });
  await using visit = await browser.visit(service.url);
  await visit.says("Live:");
  await visit.says("is at $34,500");
  service.send({ answer: UNLIT, revision: 2 });
  await visit.says("No\nit’s not lit.");
  assertEquals(visit.requests.filter((url) => url.includes(".js")).length, 1);
  await using embed = await browser.visit(`${service.url}embed?lang=zh-CN`);
  await embed.says("火了");
  assertEquals([...visit.errors, ...embed.errors], []);
});
