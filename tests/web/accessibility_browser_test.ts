/// <reference lib="dom" />
import { assertEquals } from "@std/assert";
import { LANGUAGES } from "../../src/feeds/feed.ts";
import { findViolations } from "../helpers/accessibility.ts";
import { shareBrowser, type Visit } from "../helpers/browser.ts";
import { serveScript } from "./scripted_service.ts";
import { STATES, viewIn } from "./views.ts";

const HEIGHT = 900;
const WIDTHS = [320, 768, 1_440];
const SCHEMES = ["light", "dark"] as const;

const browserTest = shareBrowser();

const CASES = STATES.filter((state) => state !== "unreachable").flatMap((state) =>
  LANGUAGES.map((language) => ({ state, language }))
);

/** Checks the page in every scheme and width. */
async function findAllViolations(visit: Visit): Promise<string[]> {
  const found: string[] = [];
  for (const value of SCHEMES) {
    await visit.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    for (const width of WIDTHS) {
      await visit.page.setViewport({ width, height: HEIGHT });
      for (const violation of await findViolations(visit)) {
        found.push(`${value}, ${width} px: ${violation}`);
      }
    }
  }
  return found;
}

for (const { state, language } of CASES) {
  browserTest(`the page in ${language} is accessible in the state ${state}`, async (browser) => {
    await using service = serveScript({ ...viewIn(state, language), feed: "simulated" });
    await using visit = await browser.visit(service.url);
    assertEquals(await findAllViolations(visit), []);
  });
}

browserTest("the embedded answer is accessible", async (browser) => {
  for (const language of LANGUAGES) {
    await using service = serveScript(viewIn("stale", language));
    await using visit = await browser.visit(`${service.url}embed`);
    assertEquals(await findAllViolations(visit), []);
  }
});
