import { assertEquals } from "@std/assert";
import { assertWithin } from "../helpers/bystander.ts";
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
  { timeout: 60_000 },
  async () => {
    await using testbed = await startProcessTestbed({
      beforeStart: (redis) => redis.toxic = toxics.hang(),
    });
    assertEquals(await statusOf(`${testbed.url}/healthz`), 200);
    await Promise.all(REQUESTS.map(async ([method, path]) => {
      const url = testbed.url + path;
      assertEquals(await assertWithin(PROMISED_MS, () => statusOf(url, { method })), 503, path);
    }));
    await assertHeals(testbed);
  },
);
