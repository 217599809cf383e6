import { assertEquals } from "@std/assert";
import { Background } from "../../src/http/background.ts";
import { keepLog } from "../helpers/log.ts";

const LIMIT = { timeout: 60_000 };

Deno.test("Background.drain() waits for tasks, and for those they start", LIMIT, async () => {
  const background = new Background(keepLog());
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  background.run("first", async () => {
    await first.promise;
    background.run("second", async () => {
      await Promise.resolve();
      done.push("second");
    });
    done.push("first");
  });
  const drained = background.drain();
  first.resolve();
  await drained;
  assertEquals(done, ["first", "second"]);
});

Deno.test("Background.run() logs a failure and does not throw", LIMIT, async () => {
  const log = keepLog();
  const background = new Background(log);
  const error = new Error("no");
  background.run("fails", () => Promise.reject(error));
  await background.drain();
  assertEquals(log.lines, [
    { level: "warn", message: "background task failed", fields: { task: "fails", error } },
  ]);
});
