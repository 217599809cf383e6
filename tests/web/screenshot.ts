import { fromFileUrl } from "@std/path/from-file-url";
import { TestBrowser } from "../helpers/browser.ts";
import { takePictures } from "./pictures.ts";
import { serveSite } from "./site.ts";

const README_PICTURE = fromFileUrl(new URL("../../docs/screenshot.png", import.meta.url));

/** A time at which the simulated month ends lit. */
const LIT_AT = Date.UTC(2026, 2, 14, 6, 24, 30);

/** Takes the README's picture of the page. */
async function takeScreenshot(browser: TestBrowser): Promise<void> {
  await using site = await serveSite(LIT_AT, { simulated: true });
  await using visit = await browser.visit(site.url, { viewport: { width: 1_280, height: 1_500 } });
  await visit.says("Lit since");
  await visit.page.waitForSelector("#payoff-chart .line");
  await visit.page.screenshot({ path: README_PICTURE as `${string}.png` });
}

/** Takes all pictures of the project: `deno task screenshot`. */
if (import.meta.main) {
  await using browser = await TestBrowser.start();
  await takeScreenshot(browser);
  await takePictures(browser);
}
