import { assertEquals } from "@std/assert";
import { FeedError } from "../../src/feeds/errors.ts";
import type { Sample } from "../../src/samples/sample.ts";
import { HOUR_MS } from "../../src/samples/bucket.ts";
import { createTestClock } from "../helpers/clock.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed, createFakeSupply } from "../helpers/fake_feed.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { createTestService, type TestService } from "../helpers/service.ts";

const LIMIT = { timeout: 60_000 };
const OLDER_HOURS = 48;

Deno.test("a backfill of one instance reaches the track record of another", LIMIT, async () => {
  await using redis = await startTestRedis();
  const samples: Sample[] = [2, 1, 0].flatMap((ago) => pairAt(NOW - ago * HOUR_MS));
  const older = createFakeSupply({
    older(): never {
      throw new FeedError("unavailable", "The source is away");
    },
  });
  const feed = createFakeFeed({ test: () => ({ samples: [...samples], rejected: 0 }) }, older);
  const environment = { REFRESH_MIN_INTERVAL_SECONDS: "0" };
  const parts = { redis, feed, environment, clock: createTestClock() };
  await using first = createTestService(parts);
  await using second = createTestService(parts);
  for (const service of [first, second]) {
    service.start();
    await eventually(async () => await readKnownHours(service) === 1);
  }
  older.fakes.older.answer = () => ({
    samples: Array.from({ length: OLDER_HOURS }, (_, i) => pairAt(NOW - (i + 3) * HOUR_MS)).flat(),
    rejected: 0,
  });
  await first.tick();
  assertEquals(await readKnownHours(first), OLDER_HOURS + 1);
  // The next sample is what the other instance is told of.
  samples.push(...pairAt(NOW + 60_000));
  await first.request("/refresh", { method: "POST" });
  await eventually(async () => await readKnownHours(second) === OLDER_HOURS + 1);
});

async function readKnownHours(service: TestService): Promise<number> {
  const response = await service.request("/track-record");
  return (await response.json()).known_hours;
}
