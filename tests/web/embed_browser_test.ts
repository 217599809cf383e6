/// <reference lib="dom" />
import { assertEquals, assertStringIncludes } from "@std/assert";
import { shareBrowser, type TestBrowser, type Visit } from "../helpers/browser.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { type ScriptedService, serveScript } from "./scripted_service.ts";
import { UNLIT, viewIn } from "./views.ts";

const browserTest = shareBrowser();

/** A frame on another site. */
interface Frame {
  readonly browser: TestBrowser;
  readonly service: ScriptedService;
  readonly path: string;
  /** Headers of the page around it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Shows a path of the service in a frame on another site, and passes its visit on. */
async function withFrame(
  { browser, service, path, headers }: Frame,
  use: (visit: Visit) => Promise<void>,
): Promise<void> {
  await using host = serveLocally(() =>
    new Response(`<iframe src="${service.url}${path}" width="200" height="80"></iframe>`, {
      headers: { "content-type": "text/html", ...headers },
    })
  );
  await using visit = await browser.visit(host.url.replace("127.0.0.1", "localhost"));
  await use(visit);
}

/** Waits until the frame has a text. */
async function frameSays({ page }: Visit, text: string): Promise<void> {
  await eventually(async () => {
    const said = await page.frames()[1]?.$eval("body", ({ textContent }) => textContent ?? "");
    return said?.replace(/\s+/g, " ").includes(text);
  });
}

browserTest("another site can embed the answer, which stays current", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await withFrame({ browser, service, path: "embed" }, async (visit) => {
    await frameSays(visit, "Is Bitcoin lit? Yes it’s lit. Price rising Sentiment rising");
    await eventually(() => visit.requests.some((url) => url.endsWith("/events")));
    service.view = viewIn("unlit");
    service.send({ answer: UNLIT, revision: 2 });
    await frameSays(visit, "No it’s not lit. Price rising Sentiment falling");
    assertEquals(visit.errors, []);
  });
});

browserTest("the embedded answer creates no format, which takes 100 ms", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await using visit = await browser.visit(`${service.url}embed`, {
    before: () => {
      const refuse = () => {
        throw new Error("a format");
      };
      Object.assign(Intl, { DateTimeFormat: refuse, NumberFormat: refuse });
    },
  });
  await eventually(() => service.streams === 1);
  service.send({ answer: UNLIT, revision: 2 });
  await visit.says("it’s not lit.");
  assertEquals(visit.errors, []);
});

browserTest("another site can embed the answer in Chinese", async (browser) => {
  await using service = serveScript(viewIn("unlit"));
  await withFrame({ browser, service, path: "embed?lang=zh-CN" }, async (visit) => {
    await frameSays(visit, "没火");
    await frameSays(visit, "情绪 降温");
  });
});

browserTest("a site that requires COEP can embed the answer", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  const headers = { "cross-origin-embedder-policy": "require-corp" };
  await withFrame({ browser, service, path: "embed", headers }, async (visit) => {
    await frameSays(visit, "Yes it’s lit.");
    await eventually(() => service.streams === 1);
    assertEquals(visit.errors, []);
  });
});

browserTest("the page and the embedded answer in it share one stream", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  service.routes.set("/badge.svg", () => new Response(null, { status: 204 }));
  await using visit = await browser.visit(service.url);
  await visit.says("Live:");
  await visit.page.$eval("#embed", (place) => place.scrollIntoView());
  await frameSays(visit, "Yes it’s lit.");
  service.view = viewIn("unlit");
  service.send({ answer: UNLIT, revision: 2 });
  await frameSays(visit, "No it’s not lit. Price rising Sentiment falling");
  assertEquals(service.streams, 1);
  const frame = visit.page.frames().find((frame) => frame.url().includes("embed"));
  // As an extension of the browser does.
  await frame?.evaluate(() =>
    new Promise((resolve) => {
      addEventListener("message", resolve, { once: true });
      postMessage({ target: "extension" }, location.origin);
    })
  );
  assertEquals(visit.errors, []);
});

browserTest("another site cannot embed the page", async (browser) => {
  await using service = serveScript(viewIn("lit"));
  await withFrame({ browser, service, path: "" }, async (visit) => {
    await eventually(() => visit.errors.length > 0);
    assertStringIncludes(visit.errors.join(), "frame-ancestors 'none'");
  });
});
