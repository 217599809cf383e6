import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { SYSTEM_CLOCK } from "../../src/samples/clock.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { VERSION } from "../../src/version.ts";
import { block } from "../helpers/block.ts";
import { createTestClock } from "../helpers/clock.ts";
import { eventually } from "../helpers/eventually.ts";
import { feedOptions, NOWHERE } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";
import { sendRaw } from "../helpers/raw_http.ts";
import { createTestService, type TestServiceOptions } from "../helpers/service.ts";
import { readAnswer, requestsTo, waitForIdle } from "./requests.ts";

/** After this time, an answer is read again. */
const RECENT_MS = 1_001;
const TIME_LIMIT = { timeout: 60_000 };

// A connection of ioredis that is lost leaves timers behind.
const LEAVES_TIMERS = { ...TIME_LIMIT, sanitizeOps: false, sanitizeResources: false };

function serveRows() {
  return serveLocally(() => Response.json(simulateRows(Date.now())));
}

function startInstance(
  redisUrl: string,
  feedUrl: string,
  { clock = SYSTEM_CLOCK, environment = {} }: Pick<TestServiceOptions, "clock" | "environment"> =
    {},
) {
  const service = createTestService({
    redis: { url: redisUrl, prefix: "is-bitcoin-lit" },
    feed: createSentiCrypt(feedOptions({
      sentimentApiUrl: feedUrl,
      now: () => clock.now(),
    })),
    environment: { REFRESH_MIN_INTERVAL_SECONDS: "0", ...environment },
    clock,
  });
  service.start();
  return service;
}

Deno.test(
  "GET /readyz shows whether Redis can be used, and how old the data is",
  LEAVES_TIMERS,
  async () => {
    const clock = createTestClock();
    await using feed = serveLocally(() => Response.json(simulateRows(clock.now())));
    const store = startEmbeddedRedis();
    await using service = startInstance(store.url, feed.url, { clock });
    const { redis, data, sources } = await eventually(async () => {
      clock.advance(RECENT_MS);
      const body = await (await service.request("/readyz")).json();
      return body.data?.as_of && body.sources.length > 0 && body;
    });
    assertEquals(redis.status, "up");
    assert(data.age_seconds >= 0 && data.age_seconds < 120, `${data.age_seconds} s`);
    assertEquals(sources.map(({ source }: { source: string }) => source), ["senticrypt"]);

    await store[Symbol.asyncDispose]();
    const problem = await eventually(async () => {
      clock.advance(RECENT_MS);
      const answer = await service.request("/readyz");
      const body = await answer.json();
      return answer.status === 503 && body;
    });
    assertEquals(problem.type, "/docs/problems#store-unavailable");
  },
);

Deno.test("GET /metrics counts what the service has done", TIME_LIMIT, async () => {
  const clock = createTestClock();
  await using feed = serveLocally(() => Response.json(simulateRows(clock.now())));
  await using store = startEmbeddedRedis();
  await using service = startInstance(store.url, feed.url, { clock });
  await readAnswer(service.request);
  const text = await eventually(async () => {
    clock.advance(RECENT_MS);
    const metrics = await (await service.request("/metrics")).text();
    return metrics.includes('refreshes_total{outcome="ok"} 1') && metrics;
  });
  assertStringIncludes(text, 'refresh_samples_total{fate="stored"} 5760');
  assertStringIncludes(text, 'route="/is-bitcoin-lit",status="200"');
  assertMatch(text, /source_last_success_timestamp_seconds\{source="senticrypt"\} \d+/);
});

Deno.test("HEAD /metrics hides no delay from the next GET", TIME_LIMIT, async () => {
  const clock = createTestClock();
  await using feed = serveRows();
  await using store = startEmbeddedRedis();
  await using service = startInstance(store.url, feed.url, { clock });
  async function readDelay(): Promise<number> {
    const text = await (await service.request("/metrics")).text();
    return Number(/^is_bitcoin_lit_event_loop_delay_seconds (.*)$/m.exec(text)?.[1]);
  }
  block(200);
  const delay = await eventually(async () => {
    clock.advance(RECENT_MS);
    const seconds = await readDelay();
    return seconds >= 0.1 && seconds;
  });
  clock.advance(RECENT_MS);
  assertEquals((await service.request("/metrics", { method: "HEAD" })).status, 200);
  clock.advance(RECENT_MS);
  assert(await readDelay() >= delay);
});

Deno.test("a start says which version listens where, on which feed", TIME_LIMIT, async () => {
  await using service = runTask("start", { REDIS_URL: "redis://127.0.0.1:1", FEED: "live" });
  const url = await service.url;
  const line = service.output().split("\n").find((text) => text.includes('"listening"')) ?? "{}";
  assertEquals(JSON.parse(line).properties, { url, version: VERSION, feed: "live" });
});

Deno.test("OTEL_DENO=true traces requests with their route", TIME_LIMIT, async () => {
  const spans: string[] = [];
  await using collector = serveLocally(async (request) => {
    if (request.url.endsWith("/v1/traces")) spans.push(await request.text());
    return Response.json({});
  });
  await using service = runTask("start", {
    REDIS_URL: "redis://127.0.0.1:1",
    SENTIMENT_API_URL: NOWHERE,
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace(/\/$/, ""),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_BSP_SCHEDULE_DELAY: "50",
  });
  const request = requestsTo(await service.url);
  await (await request("/healthz?secret=1")).body?.cancel();
  const span = await eventually(() => spans.find((text) => text.includes("GET /healthz")));
  const route = /"http\.route","value":\{"stringValue":"([^"]*)"/.exec(span.replace(/\s/g, ""));
  assertEquals(route?.[1], "/healthz");
  // Deno itself fails to trace these, before the service is called.
  for (const method of ["GET", "HEAD"]) {
    const bad = `${method} / HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n`;
    const { status, headers } = await sendRaw(await service.url, bad);
    assertEquals([status, headers.get("access-control-allow-origin")], [400, "*"]);
  }
  assert(!service.output().includes("Invalid URL"), service.output());
});

Deno.test("no secret reaches a log, an error or /readyz", TIME_LIMIT, async () => {
  // Without `Retry-After`, a source is asked again before the refresh fails.
  const headers = { "retry-after": "1" };
  await using feed = serveLocally(() => new Response(null, { status: 503, headers }));
  await using store = startEmbeddedRedis();
  const secret = "hunter2";
  const feedUrl = `${feed.url.replace("//", `//user:${secret}@`)}?key=${secret}`;
  const token = `${secret}-token`;
  const shared = { SENTIMENT_API_URL: feedUrl, REFRESH_TOKEN: token, LOG_LEVEL: "debug" };
  await using away = runTask("start", {
    ...shared,
    REDIS_URL: `redis://user:${secret}@127.0.0.1:1`,
  });
  await using up = runTask("start", { ...shared, REDIS_URL: store.url });
  const [fromAway, fromUp] = [requestsTo(await away.url), requestsTo(await up.url)];
  const authorized = { method: "POST", headers: { authorization: `Bearer ${token}` } };
  await eventually(() => up.output().includes("refresh failed"));
  const answers = await Promise.all([
    fromAway("/is-bitcoin-lit"),
    fromAway("/readyz"),
    fromAway("/refresh", authorized),
    fromAway("/refresh", { method: "POST" }),
    fromUp("/refresh", authorized),
    fromUp("/is-bitcoin-lit"),
    fromUp("/readyz"),
  ]);
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  assertEquals(answers.map(({ status }) => status), [503, 503, 503, 401, 502, 503, 200]);
  await Promise.all([away.stop(), up.stop()]);
  const texts = [...bodies, away.output(), up.output()];
  assertEquals(texts.filter((text) => text.includes(secret)), []);
});

Deno.test("the service warns when others may ask for a refresh", TIME_LIMIT, async () => {
  await using store = startEmbeddedRedis();
  await using feed = serveRows();
  await using open = startInstance(store.url, feed.url);
  await waitForIdle(open.request);
  await using closed = startInstance(store.url, feed.url, {
    environment: { REFRESH_TOKEN: "s3cret" },
  });
  await readAnswer(closed.request);
  await using alone = startInstance(store.url, feed.url, {
    environment: { HOST: "127.0.0.1" },
  });
  await readAnswer(alone.request);
  const isWarned = ({ log }: typeof open) =>
    log.lines.some(({ level, message }) =>
      level === "warn" && message.includes("REFRESH_TOKEN is not set")
    );
  assertEquals([open, closed, alone].map(isWarned), [true, false, false]);
});
