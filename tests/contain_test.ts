import { assertEquals } from "@std/assert";
import { contain, guardLog } from "../src/contain.ts";
import { keepLog } from "./helpers/log.ts";

const LIMIT = { timeout: 60_000 };

Deno.test("contain() passes arguments on", LIMIT, () => {
  const seen: unknown[] = [];
  contain("look", (...args: [number, string]) => seen.push(...args), keepLog())(1, "two");
  assertEquals(seen, [1, "two"]);
});

Deno.test("contain() logs what is thrown", LIMIT, () => {
  const log = keepLog();
  const error = new RangeError("out of nowhere");
  contain("look", () => fail(error), log)();
  assertEquals(log.lines, [{
    level: "error",
    message: "an observer failed",
    fields: { observer: "look", failures: 1, error },
  }]);
});

Deno.test("contain() logs a rejection", LIMIT, async () => {
  const log = keepLog();
  contain("look", () => Promise.reject("out of nowhere"), log)();
  await Promise.resolve();
  assertEquals(log.lines.map(({ fields }) => fields.error), ["out of nowhere"]);
});

Deno.test("contain() logs fewer and fewer of many failures", LIMIT, () => {
  const log = keepLog();
  const look = contain("look", () => fail("out of nowhere"), log);
  for (let request = 0; request < 1_000; request++) look();
  assertEquals(
    log.lines.map(({ fields }) => fields.failures),
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  );
});

Deno.test("guardLog() says which event a log can't take", LIMIT, () => {
  const log = keepLog();
  const error = new RangeError("out of nowhere");
  guardLog({ ...log, info: () => fail(error) }).info("happened");
  assertEquals(log.lines, [
    { level: "error", message: "an event can't be logged", fields: { event: "happened", error } },
  ]);
});

Deno.test("guardLog() survives a log that can't log anything", LIMIT, () => {
  const broken = () => fail(undefined);
  const log = guardLog({ debug: broken, info: broken, warn: broken, error: broken });
  log.error("happened");
});

function fail(thrown: unknown): never {
  throw thrown;
}
