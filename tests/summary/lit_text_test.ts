import { assertEquals } from "@std/assert";
import { renderLitText } from "../../src/summary/routes.ts";

Deno.test.each(
  [
    { state: "lit", text: "yes\n" },
    { state: "unlit", text: "no\n" },
    { state: "stale", text: "unknown\n" },
  ] as const,
)("renderLitText() of $state", { timeout: 10_000 }, ({ state, text }) => {
  assertEquals(renderLitText(state), text);
});
