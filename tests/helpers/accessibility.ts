/// <reference lib="dom" />
import axe from "axe-core";
import type { Visit } from "./browser.ts";

/** Every rule of WCAG 2.2 up to AA and of good practice; by default axe leaves a few out. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** Checks a page as it is; returns the rules that it violates and where. */
export async function findViolations({ page }: Visit): Promise<string[]> {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
  return await page.evaluate(async (tags) => {
    // A change of scheme fades: half-way, no contrast holds.
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    const { run } = Reflect.get(globalThis, "axe") as typeof axe;
    const { violations } = await run({ runOnly: { type: "tag", values: tags } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }, TAGS);
}
