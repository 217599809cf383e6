import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { HAS_RECORDED_DAY, RECORDED_DAY } from "../helpers/needs.ts";
import { runTask } from "../helpers/process.ts";
import { startTestRedis } from "../helpers/redis.ts";

const RECORDED_HOURS = [
  { time: "2021-07-07T15:00:00.000Z", price: 34599.076210526335, sentiment: 0.34442105263157863 },
  { time: "2021-07-07T16:00:00.000Z", price: 34570.6712371134, sentiment: 0.3524742268041235 },
  { time: "2021-07-07T17:00:00.000Z", price: 34554.14692307692, sentiment: 0.2992307692307695 },
];

function serveRows() {
  return serveLocally(() => Response.json(simulateRows(Date.now())));
}

async function readSummary(url: string) {
  return await eventually(async () => {
    const response = await fetch(`${url}/is-bitcoin-lit`);
    const body = await response.json();
    return response.ok && body;
  });
}

async function refresh(url: string) {
  return await (await fetch(`${url}/refresh`, { method: "POST" })).json();
}

Deno.test("deno task dev answers three hours within 5 s, and says what is simulated", async () => {
  const start = performance.now();
  await using dev = runTask("dev", { REDIS_URL: "", SENTIMENT_API_URL: "" });
  const summary = await readSummary(await dev.url);
  const seconds = (performance.now() - start) / 1_000;
  assert(seconds < 5, `${seconds} s`);
  assertEquals(summary.hourly_average_of_averages.length, 3);
  assertEquals(summary.stale, false);
  const [first = ""] = dev.output().split("\n");
  assertStringIncludes(first, "embedded Redis");
  assertStringIncludes(first, "simulated SentiCrypt");
});

const ON_THE_DAY = { ignore: !HAS_RECORDED_DAY };

Deno.test("the service tells the recorded day", ON_THE_DAY, async (t) => {
  const day = await Deno.readTextFile(RECORDED_DAY);
  await using feed = serveLocally(() => new Response(day));
  await using store = await startTestRedis();
  await using service = runTask("start", {
    REDIS_URL: store.url,
    KEY_PREFIX: store.prefix,
    SENTIMENT_API_URL: feed.url,
    REFRESH_MIN_INTERVAL_SECONDS: "0",
  });
  const url = await service.url;

  await t.step("the fill at start stores every sample", async () => {
    await eventually(() => service.output().includes('"received":4948,"stored":4948'));
  });
  await t.step("the next refresh brings nothing new", async () => {
    assertEquals(await refresh(url), {
      ...{ feed: "senticrypt", received: 4948, stored: 0, duplicates: 4948, rejected: 0 },
      as_of: "2021-07-07T17:30:18.370Z",
    });
  });
  await t.step("the summary is right to 1e-9", async () => {
    const { hourly_average_of_averages: hours, ...rest } = await readSummary(url);
    assertEquals(rest, {
      ...{ price_direction: "falling", sentiment_direction: "falling", lit: false },
      ...{ as_of: "2021-07-07T17:30:18.370Z", stale: true, feed: "senticrypt" },
    });
    for (const [i, expected] of RECORDED_HOURS.entries()) {
      assertEquals(hours[i].time, expected.time);
      assertAlmostEquals(hours[i].price, expected.price, 1e-9 * expected.price);
      assertAlmostEquals(hours[i].sentiment, expected.sentiment, 1e-9);
    }
  });
  await t.step("the summary is cached after the answer", async () => {
    await eventually(() => store.client.get(`${store.prefix}:cache`));
  });
});

Deno.test("the service starts without Redis, answers problems, and heals", async () => {
  await using feed = serveRows();
  const away = startEmbeddedRedis();
  await away[Symbol.asyncDispose]();
  await using service = runTask("start", { REDIS_URL: away.url, SENTIMENT_API_URL: feed.url });
  const url = await service.url;

  const health = await fetch(`${url}/healthz`);
  assertEquals([health.status, await health.json()], [200, { status: "ok" }]);
  for (const [method, path] of [["GET", "/is-bitcoin-lit"], ["POST", "/refresh"]] as const) {
    const start = performance.now();
    const response = await fetch(url + path, { method });
    const problem = await response.json();
    assertEquals([response.status, problem.type], [503, "store-unavailable"]);
    assert(performance.now() - start < 2_500, `${method} ${path} took too long`);
  }

  await using _store = startEmbeddedRedis({ port: away.port });
  const start = performance.now();
  await readSummary(url);
  assert(performance.now() - start < 5_000, "healing took too long");
});

Deno.test("whatever the feed answers, stored samples and answers stay", async () => {
  const now = Date.now();
  const rows = simulateRows(now);
  const row = { timestamp: now / 1_000 - 1, btc_price: "61000.00", mean: 0.1 };
  let respond = () => Response.json(rows);
  await using feed = serveLocally(() => respond());
  await using store = await startTestRedis();
  await using service = runTask("start", {
    ...{ REDIS_URL: store.url, KEY_PREFIX: store.prefix, SENTIMENT_API_URL: feed.url },
    REFRESH_MIN_INTERVAL_SECONDS: "0",
  });
  const url = await service.url;
  const before = await readSummary(url);

  const faults: [() => Response, number, string][] = [
    [() => new Response("no", { status: 500 }), 502, "feed-unavailable"],
    [() => new Response("<!doctype html>"), 502, "feed-invalid"],
    [() => Response.json({}), 502, "feed-invalid"],
    [() => Response.json([]), 502, "feed-invalid"],
    [() => new Response(" ".repeat(50_000_000)), 502, "feed-invalid"],
    [() => Response.json([{ ...row, timestamp: now }]), 502, "feed-invalid"],
  ];
  for (const [fault, status, type] of faults) {
    respond = fault;
    const problem = await refresh(url);
    assertEquals([problem.status, problem.type], [status, type]);
    assertEquals(await readSummary(url), before);
  }

  const conflicting = rows.slice(-10).map((known) => ({ ...known, btc_price: "1.00", mean: -1 }));
  respond = () => Response.json(conflicting);
  const { stored, duplicates } = await refresh(url);
  assertEquals({ stored, duplicates }, { stored: 0, duplicates: 20 });
  assertEquals(await readSummary(url), before);

  respond = () => Response.json([{ ...row, mean: "high" }, row, null, {}]);
  const { received, rejected, ...report } = await refresh(url);
  assertEquals({ received, rejected, stored: report.stored }, {
    ...{ received: 8, rejected: 6, stored: 2 },
  });
});

Deno.test("instances that start together ask the feed once", async () => {
  await using feed = serveRows();
  await using store = await startTestRedis();
  const environment = {
    ...{ REDIS_URL: store.url, KEY_PREFIX: store.prefix, SENTIMENT_API_URL: feed.url },
  };
  await using first = runTask("start", environment);
  await using second = runTask("start", environment);
  await using third = runTask("start", environment);
  for (const instance of [first, second, third]) await readSummary(await instance.url);
  // A tick of the minute may fall into the test: then one of them asks once more.
  assert(feed.requests <= 2, `${feed.requests} requests`);
});

Deno.test.each([{ signal: "SIGTERM" }, { signal: "SIGINT" }] as const)(
  "the service ends with code 0 on $signal",
  async ({ signal }) => {
    await using feed = serveRows();
    await using store = await startTestRedis();
    const environment = { REDIS_URL: store.url, KEY_PREFIX: store.prefix };
    const service = runTask("start", { ...environment, SENTIMENT_API_URL: feed.url });
    await readSummary(await service.url);
    assertEquals(await service.stop(signal), 0);
  },
);

Deno.test("the service says all that is wrong with its configuration and ends with code 1", async () => {
  const service = runTask("start", { PORT: "http", REDIS_URL: "localhost" });
  assertEquals(await service.ended, 1);
  assertStringIncludes(service.output(), 'PORT must be an integer from 0 to 65535, is "http"');
  assertStringIncludes(service.output(), "REDIS_URL must be a URL");
});

Deno.test("the service says so where its port is taken, and ends with code 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const service = runTask("start", { PORT: `${taken.addr.port}`, LOG_LEVEL: "error" });
  assertEquals(await service.ended, 1);
  const expected = `HOST and PORT must be free to listen on, are 127.0.0.1:${taken.addr.port}`;
  assertStringIncludes(service.output(), expected);
});
