import { assert, assertEquals } from "@std/assert";
import { PROMISED_MS } from "../helpers/readers.ts";
import * as toxics from "../helpers/toxics.ts";
import { assertHeals, statusOf } from "./assertions.ts";
import { startProcessTestbed } from "./testbed.ts";

const REQUESTS = [
  ["GET", "/is-bitcoin-lit"],
  ["GET", "/history"],
  ["GET", "/lit.txt"],
  ["GET", "/track-record"],
  ["GET", "/readyz"],
  ["POST", "/refresh"],
] as const;

Deno.test(
  "main.ts answers every request within 2.5 s while Redis hangs, and recovers within 5 s",
  { timeout: 20_000 },
  async () => {
    await using testbed = await startProcessTestbed({
      beforeStart: (redis) => redis.toxic = toxics.hang(),
    });
    assertEquals(await statusOf(`${testbed.url}/healthz`), 200);
    await Promise.all(REQUESTS.map(async ([method, path]) => {
      const start = performance.now();
      const { status, body } = await fetch(testbed.url + path, { method });
      const ms = performance.now() - start;
      await body?.cancel();
      assertEquals(status, 503, path);
      assert(ms < PROMISED_MS, `${path} took ${ms} ms`);
    }));
    await assertHeals(testbed);
  },
);
