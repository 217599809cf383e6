/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import { shareBrowser } from "../helpers/browser.ts";
import { createTestApp } from "../helpers/app.ts";
import { serveLocally } from "../helpers/local_server.ts";

const browserTest = shareBrowser();

/** Where Swagger UI puts its own headings and landmarks. */
const THEIRS = ["heading-order", "landmark-unique", "region"];

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

browserTest(
  "/docs below a prefix is readable, and tries every request but an endless stream",
  async (browser) => {
    await using server = serveBelow("/btc");
    await using visit = await browser.visit(`${server.url}btc/docs`);
    await visit.says("Is Bitcoin lit?");
    const tries = await visit.page.evaluate(async () => {
      const found: Record<string, boolean> = {};
      for (const path of ["/events", "/history"]) {
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
    });
    console.log(tries, visit.errors);
    assertEquals(tries, { "/events": false, "/history": true });
    await visit.page.evaluate(axe.source);
    const violations = await visit.page.evaluate(async () => {
      const found = await (Reflect.get(globalThis, "axe") as typeof axe).run();
      return found.violations.map(({ id, nodes }) =>
        `${id}: ${nodes.map(({ html }) => html).join(" ")}`
      );
    });
    assertEquals(violations.filter((one) => !THEIRS.includes(one.split(":")[0] ?? "")), []);
    assertEquals(visit.errors, []);
  },
);
