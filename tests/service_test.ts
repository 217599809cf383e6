import { assertEquals } from "@std/assert";
import { createFakeFeed } from "./helpers/fake_feed.ts";
import { risingAnswer } from "./helpers/samples.ts";
import { createTestService } from "./helpers/service.ts";
import { recordWaits } from "./helpers/waits.ts";

const TIME_LIMIT = { timeout: 20_000 };

Deno.test(
  "stop() gives sources 3 s, and clients 100 ms to come once more",
  TIME_LIMIT,
  async () => {
    const redis = { url: "redis://127.0.0.1:1", prefix: "test" };
    const service = createTestService({ redis, feed: createFakeFeed({ test: risingAnswer }) });
    using waits = recordWaits();
    await service.stop();
    assertEquals(waits.timers, [3_000, 100]);
  },
);
