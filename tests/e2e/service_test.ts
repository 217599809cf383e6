import { assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { assertWithin } from "../helpers/bystander.ts";
import { eventually } from "../helpers/eventually.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_RECORDED_DAY, RECORDED_DAY } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";
import { createTestService } from "../helpers/service.ts";
import { type AnswerBody, readAnswer, refresh, requestsTo, waitForIdle } from "./requests.ts";
import { rowsOfKnownDay } from "../helpers/known_day.ts";

const TIME_LIMIT = { timeout: 60_000 };

const MEGABYTE = 1_000_000;

function serveRows() {
  return serveLocally(() => Response.json(rowsOfKnownDay(Date.now())));
}

function startInstance(redis: TestRedis, feedUrl: string, minIntervalSeconds = 0) {
  const service = createTestService({
    redis,
    feed: createSentiCrypt(feedOptions({ sentimentApiUrl: feedUrl })),
    environment: { REFRESH_MIN_INTERVAL_SECONDS: `${minIntervalSeconds}` },
  });
  service.start();
  return service;
}

/** A day of a feed and its known answer. */
interface KnownDay {
  readonly day: string;
  readonly ignore?: boolean;
  readonly read: () => string | Promise<string>;
  /** How many samples it has. */
  readonly samples: number;
  readonly answer: AnswerBody;
}

const DAYS: readonly KnownDay[] = [
  {
    day: "the recorded day",
    ignore: !HAS_RECORDED_DAY,
    read: () => Deno.readTextFile(RECORDED_DAY),
    samples: 4_948,
    answer: {
      hourly_average_of_averages: [
        {
          time: "2021-07-07T15:00:00.000Z",
          price: 34599.076210526335,
          sentiment: 0.34442105263157863,
        },
        {
          time: "2021-07-07T16:00:00.000Z",
          price: 34570.6712371134,
          sentiment: 0.3524742268041235,
        },
        {
          time: "2021-07-07T17:00:00.000Z",
          price: 34554.14692307692,
          sentiment: 0.2992307692307695,
        },
      ],
      price_direction: "falling",
      sentiment_direction: "falling",
      lit: false,
      as_of: "2021-07-07T17:30:18.370Z",
      stale: true,
      feed: "senticrypt",
    },
  },
  {
    day: "a simulated day",
    read: () => JSON.stringify(rowsOfKnownDay(Date.UTC(2024, 1, 29, 3, 30, 10))),
    samples: 5_760,
    answer: {
      hourly_average_of_averages: [
        { time: "2024-02-29T01:00:00.000Z", price: 60647.916666666664, sentiment: 0.12975 },
        { time: "2024-02-29T02:00:00.000Z", price: 61197.5, sentiment: 0.18966666666666668 },
        { time: "2024-02-29T03:00:00.000Z", price: 61675, sentiment: 0.24 },
      ],
      price_direction: "rising",
      sentiment_direction: "rising",
      lit: false,
      as_of: "2024-02-29T03:30:00.000Z",
      stale: true,
      feed: "senticrypt",
    },
  },
];

for (const { day, ignore = false, read, samples, answer } of DAYS) {
  Deno.test(`the service answers about ${day}`, { ...TIME_LIMIT, ignore }, async (t) => {
    const rows = await read();
    await using feed = serveLocally(() => new Response(rows));
    await using redis = await startTestRedis();
    await using service = startInstance(redis, feed.url);

    await t.step("the fill at start stores every sample", async () => {
      const report = await eventually(() =>
        service.log.lines.find(({ message }) => message === "refreshed")
      );
      assertEquals([report.fields.received, report.fields.stored], [samples, samples]);
    });
    await t.step("the next refresh brings nothing new", async () => {
      await waitForIdle(service.request);
      const { body: { refreshed_at: _, ...report } } = await refresh(service.request);
      assertEquals(report, {
        feed: "senticrypt",
        received: samples,
        stored: 0,
        duplicates: samples,
        rejected: 0,
        as_of: answer.as_of,
      });
    });
    await t.step("the answer is right to 1e-9", async () => {
      assertAnswers(await readAnswer(service.request), answer);
    });
    await t.step("the summary is cached after the answer", async () => {
      await eventually(async () => await redis.client.exists(`${redis.prefix}:cache`) === 1);
    });
  });
}

function assertAnswers(actual: AnswerBody, expected: AnswerBody): void {
  const { hourly_average_of_averages: hours, ...rest } = actual;
  const { hourly_average_of_averages: expectedHours, ...expectedRest } = expected;
  assertEquals(rest, expectedRest);
  assertEquals(hours.map(({ time }) => time), expectedHours.map(({ time }) => time));
  for (const [i, { price, sentiment }] of expectedHours.entries()) {
    assertAlmostEquals(hours[i]?.price ?? NaN, price, 1e-9 * price);
    assertAlmostEquals(hours[i]?.sentiment ?? NaN, sentiment, 1e-9);
  }
}

Deno.test("main.ts starts without Redis, answers problems, and recovers", TIME_LIMIT, async () => {
  await using feed = serveRows();
  const away = startEmbeddedRedis();
  await away[Symbol.asyncDispose]();
  await using service = runTask("start", { REDIS_URL: away.url, SENTIMENT_API_URL: feed.url });
  const request = requestsTo(await service.url);

  const health = await request("/healthz");
  assertEquals([health.status, await health.json()], [200, { status: "ok" }]);
  for (const [method, path] of [["GET", "/is-bitcoin-lit"], ["POST", "/refresh"]] as const) {
    const response = await assertWithin(2_500, () => request(path, { method }));
    const problem = await response.json();
    assertEquals([response.status, problem.type], [503, "/docs/problems#store-unavailable"]);
  }

  await using _store = startEmbeddedRedis({ port: away.port });
  await assertWithin(5_000, () => readAnswer(request));
});

Deno.test("no answer of the feed changes what is stored", TIME_LIMIT, async () => {
  const now = Date.now();
  const rows = rowsOfKnownDay(now);
  const row = { timestamp: now / 1_000 - 1, btc_price: "61000.00", mean: 0.1 };
  let respond = () => Response.json(rows);
  await using feed = serveLocally(() => respond());
  await using redis = await startTestRedis();
  await using service = startInstance(redis, feed.url);
  const { request } = service;
  await waitForIdle(request);
  const before = await readAnswer(request);

  const faults: [() => Response, number, string][] = [
    [() => new Response("no", { status: 500 }), 502, "feed-unavailable"],
    [() => new Response("<!doctype html>"), 502, "feed-invalid"],
    [() => Response.json({}), 502, "feed-invalid"],
    [() => Response.json([]), 502, "feed-invalid"],
    [() => new Response(" ".repeat(50 * MEGABYTE)), 502, "feed-invalid"],
    [() => Response.json([{ ...row, timestamp: now }]), 502, "feed-invalid"],
  ];
  for (const [fault, status, problem] of faults) {
    respond = fault;
    const { body } = await refresh(request);
    assertEquals([body.status, body.type], [status, `/docs/problems#${problem}`]);
    assertEquals(await readAnswer(request), before);
  }

  const conflicting = rows.slice(-10).map((known) => ({ ...known, btc_price: "1.00", mean: -1 }));
  respond = () => Response.json(conflicting);
  const { stored, duplicates } = (await refresh(request)).body;
  assertEquals({ stored, duplicates }, { stored: 0, duplicates: 20 });
  assertEquals(await readAnswer(request), before);

  respond = () => Response.json([{ ...row, mean: "high" }, row, null, {}]);
  const { received, rejected, ...report } = (await refresh(request)).body;
  assertEquals([received, rejected, report.stored], [8, 6, 2]);
});

Deno.test("instances that start together ask the feed once", TIME_LIMIT, async () => {
  await using feed = serveRows();
  await using redis = await startTestRedis();
  await using first = startInstance(redis, feed.url, 5);
  await using second = startInstance(redis, feed.url, 5);
  await using third = startInstance(redis, feed.url, 5);
  for (const instance of [first, second, third]) await readAnswer(instance.request);
  assertEquals(feed.requests, 1);
});

Deno.test(
  "main.ts names every fault of its configuration and ends with 1",
  TIME_LIMIT,
  async () => {
    const service = runTask("start", { PORT: "http", REDIS_URL: "localhost" });
    assertEquals(await service.ended, 1);
    assertStringIncludes(service.output(), 'PORT must be an integer from 0 to 65535, is "http"');
    assertStringIncludes(service.output(), "REDIS_URL must be a URL");
  },
);

Deno.test("main.ts explains that its port is taken, and ends with 1", TIME_LIMIT, async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const service = runTask("start", { PORT: `${taken.addr.port}`, LOG_LEVEL: "error" });
  assertEquals(await service.ended, 1);
  const expected =
    `HOST and PORT must be free to listen on, are 127.0.0.1:${taken.addr.port}: stop`;
  assertStringIncludes(service.output(), expected);
});
