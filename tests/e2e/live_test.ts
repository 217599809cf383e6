import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { simulateRows } from "../../dev/senticrypt.ts";
import { HOUR_MS } from "../../src/core/summary.ts";
import { eventually } from "../helpers/eventually.ts";
import {
  type LiveSources,
  okxAnswer,
  serveSources,
  type TimedValue,
} from "../helpers/live_sources.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { type Running, runTask } from "../helpers/process.ts";
import { startTestRedis, type TestRedis } from "../helpers/redis.ts";

const MINUTE_MS = 60_000;

function startLive(store: TestRedis, { kraken, okx }: LiveSources) {
  return runTask("start", {
    ...{ FEED: "live", KRAKEN_URL: kraken.url, OKX_URL: okx.url },
    ...{ REDIS_URL: store.url, KEY_PREFIX: store.prefix, REFRESH_MIN_INTERVAL_SECONDS: "0" },
  });
}

async function readSummary(service: Running) {
  const url = await service.url;
  return await eventually(async () => {
    const response = await fetch(`${url}/is-bitcoin-lit`);
    const body = await response.json();
    return response.ok && body;
  });
}

async function refresh(service: Running) {
  const response = await fetch(`${await service.url}/refresh`, { method: "POST" });
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, body: await response.json() };
}

function averageOf(points: readonly TimedValue[], hour: number): number {
  const values = points.filter(({ time }) => Math.floor(time / HOUR_MS) * HOUR_MS === hour)
    .map(({ value }) => value);
  return values.reduce((sum, value) => sum + value) / values.length;
}

Deno.test("FEED=live answers today's Bitcoin from its sources' history", async (t) => {
  await using sources = serveSources();
  await using store = await startTestRedis();
  await using service = startLive(store, sources);
  const { price, sentiment } = sources;

  await t.step("three hours, right to 1e-9", async () => {
    const summary = await readSummary(service);
    const asOf = sentiment.at(-1)?.time ?? 0;
    assertEquals([summary.feed, summary.stale], ["live", false]);
    assertEquals(summary.as_of, new Date(asOf).toISOString());
    const last = Math.floor(asOf / HOUR_MS) * HOUR_MS;
    for (const [i, hour] of [last - 2 * HOUR_MS, last - HOUR_MS, last].entries()) {
      const answered = summary.hourly_average_of_averages[i];
      assertEquals(answered.time, new Date(hour).toISOString());
      assertAlmostEquals(answered.price, averageOf(price, hour), 1e-9 * answered.price);
      assertAlmostEquals(answered.sentiment, averageOf(sentiment, hour), 1e-9);
    }
  });
  await t.step(
    "series without open candle and young buckets, quiet candles at their close",
    async () => {
      for (const [metric, expected] of Object.entries({ price, sentiment })) {
        const key = `${store.prefix}:live:${metric}`;
        const points = await store.client.call("TS.RANGE", key, "-", "+") as [number, string][];
        assertEquals(points.map(([time]) => time), expected.map(({ time }) => time));
        for (const [i, [, value]] of points.entries()) {
          assertAlmostEquals(Number(value), expected[i]?.value ?? NaN, 1e-9);
        }
      }
    },
  );
  await t.step("a refresh that brings nothing new", async () => {
    const received = price.length + sentiment.length;
    assertEquals((await refresh(service)).body, {
      ...{ feed: "live", received, stored: 0, duplicates: received, rejected: 0 },
      as_of: new Date(sentiment.at(-1)?.time ?? 0).toISOString(),
    });
  });
});

Deno.test("FEED=live stores what one source gives while the other fails", async (t) => {
  await using sources = serveSources();
  await using store = await startTestRedis();
  await using service = startLive(store, sources);
  const { respond, price } = sources;
  const before = await readSummary(service);

  const faults: [string, () => Response, string][] = [
    ["a server error", () => new Response("no", { status: 500 }), "unavailable"],
    ["HTML", () => new Response("<!doctype html>"), "invalid"],
    ["an error with status 200", () => Response.json({ code: "51000", msg: "no" }), "unavailable"],
  ];
  for (const [name, fault, expected] of faults) {
    await t.step(`OKX answers ${name}`, async () => {
      respond.okx = fault;
      const { status, body } = await refresh(service);
      assertEquals([status, body.received, body.as_of], [200, price.length, before.as_of]);
      assertEquals(body.failed_sources.length, 1);
      const [{ source, fault: told }] = body.failed_sources;
      assertEquals([source, told], ["okx", expected]);
    });
  }
  await t.step("Kraken refuses with status 200", async () => {
    const okx = okxAnswer([{ time: Date.now() - 11 * MINUTE_MS, ratio: "3" }]);
    respond.okx = () => Response.json(okx);
    respond.kraken = () => Response.json({ error: ["EGeneral:Too many requests"] });
    const { body } = await refresh(service);
    assertEquals([body.received, body.failed_sources], [1, [{
      ...{
        source: "kraken",
        fault: "unavailable",
        message: "Kraken refuses more requests for now",
      },
    }]]);
    const asked = sources.kraken.requests;
    const again = await refresh(service);
    assertStringIncludes(again.body.failed_sources[0].message, "left alone until");
    assertEquals(sources.kraken.requests, asked);
  });
  await t.step("both fail", async () => {
    respond.okx = () => new Response("no", { status: 429, headers: { "retry-after": "1800" } });
    const { status, body, retryAfter } = await refresh(service);
    assertEquals([status, body.type], [502, "feed-unavailable"]);
    assert(Number(retryAfter) > 0 && Number(retryAfter) <= 60, `Retry-After: ${retryAfter}`);
    assertEquals((await readSummary(service)).feed, "live");
  });
});

Deno.test("the fill at start asks sources that fail again", async () => {
  await using sources = serveSources();
  await using store = await startTestRedis();
  for (const name of ["kraken", "okx"] as const) {
    const sound = sources.respond[name];
    sources.respond[name] = () => {
      sources.respond[name] = sound;
      return new Response("no", { status: 500 });
    };
  }
  await using service = startLive(store, sources);
  assertEquals((await readSummary(service)).feed, "live");
  assertEquals(service.output().includes("refresh failed"), false);
});

Deno.test("changing FEED blends nothing, and changing it back finds what was there", async () => {
  await using sources = serveSources();
  const rows = simulateRows(Date.now());
  await using feed = serveLocally(() => Response.json(rows));
  await using away = serveLocally(() => new Response("no", { status: 500 }));
  await using store = await startTestRedis();
  function startSentiCrypt(url: string) {
    const environment = { REDIS_URL: store.url, KEY_PREFIX: store.prefix };
    return runTask("start", { ...environment, SENTIMENT_API_URL: url });
  }

  const first = startSentiCrypt(feed.url);
  const text = await readSummary(first);
  await first.stop();
  assertEquals(text.feed, "senticrypt");

  const second = startLive(store, sources);
  const positioning = await readSummary(second);
  await second.stop();
  assertEquals([positioning.feed, positioning.as_of], [
    ...["live", new Date(sources.sentiment.at(-1)?.time ?? 0).toISOString()],
  ]);

  await using third = startSentiCrypt(away.url);
  assertEquals(await readSummary(third), text);
});

Deno.test("FEED=live deno task dev brings a store, and says which sources it asks", async () => {
  await using sources = serveSources();
  const urls = { KRAKEN_URL: sources.kraken.url, OKX_URL: sources.okx.url };
  await using dev = runTask("dev", { FEED: "live", REDIS_URL: "", SENTIMENT_API_URL: "", ...urls });
  assertEquals((await readSummary(dev)).feed, "live");
  const [first = ""] = dev.output().split("\n");
  assertStringIncludes(first, "embedded Redis");
  assertStringIncludes(first, `live feed (${urls.KRAKEN_URL}, ${urls.OKX_URL})`);
  assertEquals(first.includes("simulated"), false);
});
