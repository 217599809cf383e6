import { makeBadge } from "badge-maker";
import { assertEquals } from "@std/assert";
import { badgeJson, renderBadge } from "../../src/summary/badge.ts";
import { STATES } from "../../src/summary/states.js";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test.each(
  [
    { state: "lit", message: "lit", color: "orange" },
    { state: "unlit", message: "not lit", color: "blue" },
    { state: "stale", message: "unknown", color: "lightgrey" },
  ] as const,
)("badgeJson() of $state says $message", TIME_LIMIT, ({ state, message, color }) => {
  assertEquals<unknown>(badgeJson(state), { schemaVersion: 1, label: "bitcoin", message, color });
});

Deno.test.each(STATES.map((state) => ({ state })))(
  "renderBadge() of $state is what badge-maker renders",
  TIME_LIMIT,
  ({ state }) => {
    const { label, message, color } = badgeJson(state);
    assertEquals(renderBadge(state), makeBadge({ label, message, color }));
  },
);
