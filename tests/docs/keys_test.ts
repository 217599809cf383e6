import { assertEquals } from "@std/assert";
import { FEED_NAMES } from "../../src/feeds/mod.ts";
import { type Keys, keysBelow } from "../../src/redis/keys.ts";
import { listMarkdownFiles, readText } from "./markdown.ts";

const PREFIX = "is-bitcoin-lit";

Deno.test("documents name keys that exist", { timeout: 60_000 }, async () => {
  const names = new Set<unknown>(FEED_NAMES.flatMap((feed) => namesOf(keysBelow(PREFIX, feed))));
  for (const file of await listMarkdownFiles()) {
    const named = (await readText(file)).matchAll(/(?<!\/)\bis-bitcoin-lit(?::\w+)+/g);
    assertEquals([...named].map(([name]) => name).filter((name) => !names.has(name)), [], file);
  }
});

Deno.test("docs/operations.md changes the retention of series", { timeout: 60_000 }, async () => {
  const changed = (await readText("docs/operations.md")).matchAll(/TS\.ALTER (\S+) RETENTION/g);
  assertEquals(
    [...changed].map(([, name]) => name),
    Object.values(keysBelow(PREFIX, "live").series),
  );
});

function namesOf({ series, claims, ...others }: Keys): unknown[] {
  return [series, claims, others].flatMap((names) => Object.values<unknown>(names));
}
