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

/** Runs in the browser: the colours of all that is drawn but those that the reader chose. */
function findOwnColors(): string[] {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.setProperty("forced-color-adjust", "none");
  const chosen = ["Canvas", "CanvasText", "GrayText", "transparent"].map((color) => {
    probe.style.color = color;
    return getComputedStyle(probe).color;
  });
  chosen.push("none");
  return [...document.querySelectorAll("svg:not(.flame svg), svg:not(.flame svg) *")].flatMap(
    (shape) => {
      const { fill, stroke, backgroundColor, borderColor } = getComputedStyle(shape);
      const colors = shape instanceof SVGSVGElement
        ? [backgroundColor, borderColor]
        : [fill, stroke];
      const own = colors.filter((color) => !chosen.includes(color));
      return own.map((color) => `${color}: ${shape.outerHTML.slice(0, 80)}`);
    },
  );
}

browserTest(
  "charts, marks and the record take the colours that a reader forces",
  async (browser) => {
    for (const state of ["lit", "unlit"] as const) {
      await using service = serveScript(viewIn(state));
      await using visit = await browser.visit(service.url);
      await visit.page.waitForSelector("#payoff-chart .line");
      const client = await visit.page.createCDPSession();
      const features = [{ name: "forced-colors", value: "active" }];
      await client.send("Emulation.setEmulatedMedia", { features });
      assertEquals(await visit.page.evaluate(findOwnColors), []);
    }
  },
);
