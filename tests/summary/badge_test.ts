import { DOMParser } from "@xmldom/xmldom";
import { assert, assertEquals } from "@std/assert";
import type { State } from "../../src/summary/summary.ts";
import { badgeJson, renderBadge } from "../../src/summary/badge.ts";

const TIME_LIMIT = { timeout: 10_000 };

const BADGES: { state: State | undefined; message: string; color: string }[] = [
  { state: "lit", message: "lit", color: "orange" },
  { state: "unlit", message: "not lit", color: "blue" },
  { state: "stale", message: "unknown", color: "lightgrey" },
  { state: undefined, message: "unknown", color: "lightgrey" },
];

// First, so that it is this test that loads the package.
Deno.test({
  name: "renderBadge() needs no permission",
  ...TIME_LIMIT,
  permissions: "none",
  fn: async () => assert((await renderBadge("lit")).startsWith("<svg ")),
});

Deno.test.each(BADGES)("badgeJson() of $state says $message", TIME_LIMIT, (
  { state, message, color },
) => {
  assertEquals<unknown>(badgeJson(state), { schemaVersion: 1, label: "bitcoin", message, color });
});

Deno.test.each(BADGES)("renderBadge() of $state is an SVG that says $message", TIME_LIMIT, async (
  { state, message },
) => {
  const svg = new DOMParser().parseFromString(await renderBadge(state), "image/svg+xml");
  assertEquals(svg.documentElement?.namespaceURI, "http://www.w3.org/2000/svg");
  assertEquals(svg.getElementsByTagName("title")[0]?.textContent, `bitcoin: ${message}`);
});

Deno.test("renderBadge() has a color per message", TIME_LIMIT, async () => {
  const badges = await Promise.all(BADGES.slice(0, 3).map(({ state }) => renderBadge(state)));
  const colors = badges.map((svg) => svg.match(/fill="#[\da-f]{6}"/g)?.join());
  assert(colors.every((color) => color !== undefined));
  assertEquals(new Set(colors).size, 3);
});
