import { TestBrowser } from "../helpers/browser.ts";
import { LIT_AT, serveSite } from "./site.ts";

/** Takes the README's picture of the page: `deno task screenshot`. */
async function takeScreenshot(path: URL): Promise<void> {
  await using site = await serveSite(LIT_AT);
  await using browser = await TestBrowser.start();
  await using visit = await browser.visit(site.url, { viewport: { width: 1_280, height: 1_220 } });
  await visit.says("and is at");
  await visit.page.screenshot({ path: path.pathname as `${string}.png` });
}

if (import.meta.main) await takeScreenshot(new URL("../../docs/screenshot.png", import.meta.url));
