import { assertEquals } from "@std/assert";
import { simulateRows } from "../../dev/senticrypt.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { readEvents } from "../helpers/event_reader.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { createTestService } from "../helpers/service.ts";
import { readAnswer, refresh, waitForIdle } from "./requests.ts";

const HOUR_MS = 3_600_000;

function startInstance(redis: TestRedis, feedUrl: string) {
  const service = createTestService({
    redis,
    feed: createSentiCrypt(feedOptions({ sentimentApiUrl: feedUrl })),
    environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" },
  });
  service.start();
  return service;
}

Deno.test(
  "GET /events brings an update of another instance within 1 s",
  { timeout: 60_000 },
  async () => {
    let now = Date.now() - HOUR_MS;
    await using feed = serveLocally(() => Response.json(simulateRows(now)));
    await using redis = await startTestRedis();
    await using first = startInstance(redis, feed.url);
    await waitForIdle(first.request);
    await using second = startInstance(redis, feed.url);
    await readAnswer(second.request);
    await using server = serveLocally(second.fetch);
    await using stream = await readEvents(server.url.slice(0, -1));
    await eventually(() => stream.ids().length === 1);

    now += HOUR_MS;
    const { body } = await assertWithin(1_000, async () => {
      const refreshed = await refresh(first.request);
      await eventually(() => stream.ids().length === 2);
      return refreshed;
    });
    assertEquals(stream.answers().at(-1)?.as_of, body.as_of);
  },
);
