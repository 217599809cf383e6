/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import { findViolations } from "../helpers/accessibility.ts";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { createTestApp } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";

const browserTest = shareBrowser();

const PAGES = ["docs", "docs/problems"];
const SCHEMES = ["light", "dark"] as const;
const TEXT_PERCENT = [100, 150, 200];

/** A service below a path that a proxy removes. */
function serveBelow(prefix: string) {
  const { handler } = createTestApp();
  return serveLocally((request) => {
    const url = request.url.replace(prefix, "");
    return url === request.url
      ? new Response(null, { status: 404 })
      : handler(new Request(url, request));
  });
}

/** Runs in the browser: only that of the root colours the window itself. */
function readColorScheme(): string {
  return getComputedStyle(document.documentElement).colorScheme;
}

browserTest(
  "/docs and /docs/problems are accessible, and have colours for the night",
  async (browser) => {
    await using server = serveLocally(createTestApp().handler);
    for (const path of PAGES) {
      for (const scheme of SCHEMES) {
        await using visit = await browser.visit(server.url + path, { scheme });
        assertEquals(await visit.page.evaluate(readColorScheme), "light dark");
        assertEquals(await findViolations(visit), [], `${path}, ${scheme}`);
        assertEquals(visit.errors, [], path);
      }
    }
  },
);

browserTest("/docs and /docs/problems fit 320 px with larger text", async (browser) => {
  await using server = serveLocally(createTestApp().handler);
  const viewport = { width: 320, height: 640 };
  for (const path of PAGES) {
    await using visit = await browser.visit(server.url + path, { viewport });
    for (const percent of TEXT_PERCENT) {
      const width = await visit.page.evaluate((percent) => {
        document.documentElement.style.fontSize = `${percent}%`;
        return document.documentElement.scrollWidth;
      }, percent);
      assertEquals(width, viewport.width, `${path} at ${percent} %`);
    }
  }
});

browserTest("/docs is read without a script", async (browser) => {
  await using server = serveLocally(createTestApp().handler);
  await using visit = await browser.visit(`${server.url}docs`, { javascript: false });
  await visit.says("Is Bitcoin lit?");
  await visit.says('curl "$URL/history"');
  const text = await visit.page.$eval("body", (body) => (body as HTMLElement).innerText);
  assertEquals(text.includes("Try requests"), false);
});

/** Opens Swagger UI, and in it the operations of some paths; returns which of them can be tried. */
async function openOperations({ page }: Visit, paths: string[]): Promise<Record<string, boolean>> {
  await page.click("#try");
  await page.waitForSelector("#trying .opblock");
  return await page.evaluate(async (paths) => {
    const found: Record<string, boolean> = {};
    for (const path of paths) {
      const block = [...document.querySelectorAll(".opblock")].find((one) =>
        one.querySelector(".opblock-summary-path")?.getAttribute("data-path") === path
      );
      block?.querySelector("button")?.click();
      while (block?.querySelector(".responses-wrapper") === null) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      found[path] = block?.querySelector(".try-out") !== null;
    }
    return found;
  }, paths);
}

browserTest(
  "/docs below a prefix tries every request but an endless stream, once asked to",
  async (browser) => {
    await using server = serveBelow("/btc");
    await using visit = await browser.visit(`${server.url}btc/docs`);
    await visit.says(`curl "${server.url}btc/history"`);
    assertEquals(visit.requests.filter((url) => url.includes("swagger")), []);
    assertEquals(await openOperations(visit, ["/events", "/history"]), {
      "/events": false,
      "/history": true,
    });
    await visit.page.click("#try");
    await visit.page.waitForSelector("#reading", { visible: true });
    assertEquals(visit.errors, []);
  },
);

browserTest("/docs fits 320 px while requests are tried", async (browser) => {
  await using server = serveLocally(createTestApp().handler);
  const viewport = { width: 320, height: 640 };
  await using visit = await browser.visit(`${server.url}docs`, { viewport });
  await openOperations(visit, ["/history", "/track-record"]);
  for (const percent of TEXT_PERCENT) {
    const width = await visit.page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${percent}%`;
      return document.documentElement.scrollWidth;
    }, percent);
    assertEquals(width, viewport.width, `${percent} %`);
  }
});

browserTest("/docs is accessible after a request was tried", async (browser) => {
  await using server = serveLocally(createTestApp().handler);
  // Swagger UI stays light.
  await using visit = await browser.visit(`${server.url}docs`, { scheme: "dark" });
  // The first has a list of values.
  await openOperations(visit, ["/", "/history"]);
  const { page } = visit;
  const widths = await page.$$eval(
    "button, a, [tabindex='0']",
    (stops) => stops.filter((stop) => stop.checkVisibility()).map((stop) => stop.clientWidth),
  );
  assertEquals(widths.filter((width) => width === 0), []);
  await page.click("#operations-Data-getHistory .try-out button");
  await (await page.waitForSelector("#operations-Data-getHistory .execute"))?.click();
  await page.waitForSelector("#operations-Data-getHistory .live-responses-table pre");
  assertEquals(await findViolations(visit), []);
});

browserTest("/docs lets a reader load Swagger UI again after a failure", async (browser) => {
  const { handler } = createTestApp();
  let failures = 1;
  await using server = serveLocally((request) =>
    request.url.endsWith("swagger-ui.js") && failures-- > 0
      ? new Response(null, { status: 503 })
      : handler(request)
  );
  await using visit = await browser.visit(`${server.url}docs`);
  await visit.page.click("#try");
  await visit.says("Loading failed");
  await visit.page.click("#try", { count: 2 });
  await visit.page.waitForSelector("#trying .opblock", { visible: true });
});
