import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { simulateRows } from "../../dev/senticrypt.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { HOUR_MS, startOfHour } from "../../src/samples/bucket.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import { okxAnswer } from "../helpers/exchange_answers.ts";
import { feedOptions, NOWHERE } from "../helpers/feeds.ts";
import {
  type Exchange,
  EXCHANGES,
  type LiveSources,
  type TimedValue,
} from "../helpers/live_sources.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { freeze, lag, lie, refuse } from "../helpers/source_faults.ts";
import { createLiveService, LIVE_NOW, startLive } from "./live.ts";
import { readAnswer, refresh } from "./requests.ts";

const MINUTE_MS = 60_000;
const TIME_LIMIT = { timeout: 60_000 };

function averageOf(points: readonly TimedValue[], hour: number): number {
  const values = points.filter(({ time }) => startOfHour(time) === hour).map(({ value }) => value);
  return values.reduce((sum, value) => sum + value) / values.length;
}

/** The last three hours up to the newest sentiment. */
function windowOf({ sentiment }: LiveSources): number[] {
  const last = startOfHour(sentiment.at(-1)?.time ?? 0);
  return [last - 2 * HOUR_MS, last - HOUR_MS, last];
}

Deno.test("FEED=live answers from its sources' history", TIME_LIMIT, async (t) => {
  await using live = startLive();
  const { service, sources, store } = live;
  const { price, sentiment, hourlyPrice, hourlySentiment } = sources;
  await service.tick();

  await t.step("three hours, right to 1e-9", async () => {
    const answer = await readAnswer(service.request);
    const asOf = sentiment.at(-1)?.time ?? 0;
    assertEquals([answer.feed, answer.stale], ["live", false]);
    assertEquals(answer.as_of, new Date(asOf).toISOString());
    const hours = windowOf(sources);
    assertEquals(
      answer.hourly_average_of_averages.map(({ time }) => Date.parse(time)),
      hours,
    );
    for (const [i, averages] of answer.hourly_average_of_averages.entries()) {
      const hour = hours[i] ?? 0;
      assertAlmostEquals(averages.price, averageOf(price, hour), 1e-9 * averages.price);
      assertAlmostEquals(averages.sentiment, averageOf(sentiment, hour), 1e-9);
    }
  });
  await t.step("series of hours and then minutes, without a seam", async () => {
    using redis = await RespClient.connect(store.port);
    const stored = { price: [hourlyPrice, price], sentiment: [hourlySentiment, sentiment] };
    for (const [metric, [hours = [], minutes = []]] of Object.entries(stored)) {
      const first = startOfHour(minutes[0]?.time ?? 0);
      const expected = [...hours.filter(({ time }) => time < first), ...minutes];
      const reply = await redis.call("TS.RANGE", `is-bitcoin-lit:live:${metric}`, "-", "+");
      const points = [...reply.matchAll(/:(\d+)\r\n\+(\S+)/g)];
      assertEquals(points.map(([, time]) => Number(time)), expected.map(({ time }) => time));
      for (const [i, [, , value]] of points.entries()) {
        const point = expected[i]?.value ?? NaN;
        assertAlmostEquals(Number(value), point, 1e-9 * Math.abs(point));
      }
    }
  });
  await t.step("a refresh that brings nothing new", async () => {
    const received = price.length + sentiment.length;
    const { body: { refreshed_at: _, ...report } } = await refresh(service.request);
    assertEquals(report, {
      feed: "live",
      received,
      stored: 0,
      duplicates: received,
      rejected: 0,
      as_of: new Date(sentiment.at(-1)?.time ?? 0).toISOString(),
    });
  });
  await t.step("no tick asks for the older hours again", async () => {
    const { requests } = sources.kraken;
    live.advance(MINUTE_MS);
    await service.tick();
    assertEquals(sources.kraken.requests, requests + 1);
  });
});

const FAULTS: {
  name: Exchange;
  fault: string;
  inflict: (sources: LiveSources, name: Exchange) => void;
  /** Whether the source counts as failed. */
  fails: boolean;
  /** Whether its prices are right. @default false */
  isHonest?: boolean;
}[] = [
  {
    name: "kraken",
    fault: "answers 500",
    inflict: ({ respond }, name) => respond[name] = refuse,
    fails: true,
  },
  {
    name: "coinbase",
    fault: "answers 429",
    inflict: ({ respond }, name) => respond[name] = () => new Response("", { status: 429 }),
    fails: true,
  },
  {
    name: "bitstamp",
    fault: "answers garbage",
    inflict: ({ respond }, name) => respond[name] = () => new Response("<!doctype html>"),
    fails: true,
  },
  { name: "coinbase", fault: "is 50 % too high", inflict: lie, fails: false },
  {
    name: "bitstamp",
    fault: "is five minutes behind",
    inflict: (sources, name) => lag(sources, name, LIVE_NOW),
    fails: false,
    isHonest: true,
  },
];

Deno.test.each(FAULTS)(
  "the answer stays fresh, and with the other two, when $name $fault",
  TIME_LIMIT,
  async ({ name, inflict, fails, isHonest = false }) => {
    await using live = startLive((sources) => inflict(sources, name));
    const { service, sources } = live;
    await service.tick();
    const answer = await readAnswer(service.request);
    assertEquals(answer.stale, false);
    assertEquals(answer.as_of, new Date(sources.sentiment.at(-1)?.time ?? 0).toISOString());
    const honest = EXCHANGES.filter((other) => other !== name || isHonest);
    const closes = honest.map((other) => sources.closes[other]);
    for (const [i, hour] of windowOf(sources).entries()) {
      const price = answer.hourly_average_of_averages[i]?.price ?? NaN;
      const [low, high] = boundsOf(closes, hour);
      assert(price >= low && price <= high, `${price} is not within ${low} and ${high}`);
    }
    const { sources: health } = await (await service.request("/readyz")).json();
    const failed = health.filter(({ failure }: { failure?: string }) => failure !== undefined);
    assertEquals(failed.map(({ source }: { source: string }) => source), fails ? [name] : []);
  },
);

/** The averages of the lowest and of the highest of exchanges' prices, minute by minute. */
function boundsOf(closes: readonly ReadonlyMap<number, number>[], hour: number) {
  const times = new Set(closes.flatMap((all) => [...all.keys()]));
  const minutes = [...times].filter((time) => startOfHour(time) === hour);
  const pick = (choose: (...values: number[]) => number) =>
    minutes.map((time) => ({
      time,
      value: choose(...closes.flatMap((all) => all.get(time) ?? [])),
    }));
  const tolerance = 1e-6;
  return [
    averageOf(pick(Math.min), hour) - tolerance,
    averageOf(pick(Math.max), hour) + tolerance,
  ] as const;
}

Deno.test(
  "one exchange left is degraded, none leaves the answer to go stale",
  TIME_LIMIT,
  async () => {
    await using live = startLive();
    const { service, sources } = live;
    await service.tick();
    const before = await readAnswer(service.request);

    sources.respond.kraken = sources.respond.coinbase = refuse;
    for (let minutes = 1; minutes <= 4; minutes++) {
      live.advance(MINUTE_MS);
      await service.tick();
    }
    const reports = service.log.lines.filter(({ message }) => message === "refreshed")
      .map(({ fields }) => fields.degraded ?? false);
    assertEquals([reports.length, reports[0], reports.at(-1)], [5, false, true]);

    sources.respond.bitstamp = refuse;
    live.advance(25 * MINUTE_MS);
    sources.respond.okx = sources.respond.bybit = refuse;
    await service.tick();
    const after = await readAnswer(service.request);
    assertEquals([after.stale, after.lit], [true, false]);
    assertEquals(after.as_of >= before.as_of, true);

    const ready = await service.request("/readyz");
    const { sources: health } = await ready.json();
    assertEquals(ready.status, 200);
    assertEquals(
      health.map(({ source, last_success: at, failure }: Record<string, string>) => [
        source,
        (Date.parse(at ?? "") - LIVE_NOW) / MINUTE_MS,
        failure,
      ]),
      [
        ["kraken", 0, "Kraken answered with status 500"],
        ["coinbase", 0, "Coinbase answered with status 500"],
        ["bitstamp", 4, "Bitstamp answered with status 500"],
        ["okx", 4, "OKX answered with status 500"],
        ["bybit", NaN, "Bybit answered with status 500"],
      ],
    );
    const metrics = await (await service.request("/metrics")).text();
    assertStringIncludes(metrics, 'is_bitcoin_lit_source_failures_total{source="kraken"} 5');
    assertStringIncludes(metrics, 'is_bitcoin_lit_source_failures_total{source="bitstamp"} 1');
    const lastSuccess = 'is_bitcoin_lit_source_last_success_timestamp_seconds{source="kraken"}';
    assertStringIncludes(metrics, `${lastSuccess} ${LIVE_NOW / 1_000}`);
  },
);

Deno.test(
  "exchanges that repeat old minutes have failed, and the answer is degraded",
  TIME_LIMIT,
  async () => {
    await using live = startLive();
    const { service, sources } = live;
    await service.tick();
    freeze(sources, "kraken");
    freeze(sources, "coinbase");
    live.advance(MINUTE_MS);
    await service.tick();
    live.advance(30 * MINUTE_MS);
    await service.tick();

    const { degraded, sources: health } = await (await service.request("/readyz")).json();
    const failed = health.filter(({ failure }: { failure?: string }) => failure !== undefined);
    assertEquals(failed.map(({ source }: { source: string }) => source), ["kraken", "coinbase"]);
    assertEquals(degraded, true);
    const metrics = await (await service.request("/metrics")).text();
    assertStringIncludes(metrics, "is_bitcoin_lit_degraded 1\n");
    assertStringIncludes(metrics, 'is_bitcoin_lit_refreshes_total{outcome="partial"} 1\n');
    const lastSuccess = 'is_bitcoin_lit_source_last_success_timestamp_seconds{source="kraken"}';
    assertStringIncludes(metrics, `${lastSuccess} ${(LIVE_NOW + MINUTE_MS) / 1_000}`);
    assertEquals((await readAnswer(service.request)).stale, false);
  },
);

const OKX_FAULTS = [
  { fault: "a server error", answer: refuse, kind: "unavailable" },
  { fault: "HTML", answer: () => new Response("<!doctype html>"), kind: "invalid" },
  {
    fault: "an error with status 200",
    answer: () => Response.json({ code: "51000", msg: "no" }),
    kind: "unavailable",
  },
];

Deno.test.each(OKX_FAULTS)(
  "FEED=live stores prices while OKX answers $fault",
  TIME_LIMIT,
  async ({ answer, kind }) => {
    await using live = startLive();
    const { service, sources } = live;
    await service.tick();
    const before = await readAnswer(service.request);
    sources.respond.okx = answer;
    const { status, body } = await refresh(service.request);
    assertEquals([status, body.received], [200, sources.price.length]);
    assertEquals(body.as_of, before.as_of);
    const failed = body.failed_sources.map(({ source, fault }: Record<string, string>) => [
      source,
      fault,
    ]);
    assertEquals(failed, [["okx", kind]]);
  },
);

Deno.test("FEED=live does not ask a source before the time that it named", TIME_LIMIT, async () => {
  await using live = startLive();
  const { service, sources } = live;
  await service.tick();
  const okx = okxAnswer([{ time: LIVE_NOW - 11 * MINUTE_MS, ratio: "3" }]);
  sources.respond.okx = () => Response.json(okx);
  sources.respond.coinbase = sources.respond.bitstamp = refuse;
  sources.respond.kraken = () => Response.json({ error: ["EGeneral:Too many requests"] });
  const { body } = await refresh(service.request);
  assertEquals(body.received, 1);
  assertEquals(body.failed_sources.length, 3);
  const { requests } = sources.kraken;
  const { body: { failed_sources: failed } } = await refresh(service.request);
  const kraken = failed.find(({ source }: { source: string }) => source === "kraken");
  assertStringIncludes(kraken.message, "must not be asked before");
  assertEquals(sources.kraken.requests, requests);
});

Deno.test("a refresh fails when every source does", TIME_LIMIT, async () => {
  await using live = startLive();
  const { service, sources } = live;
  await service.tick();
  for (const name of [...EXCHANGES, "okx"] as const) {
    sources.respond[name] = () =>
      new Response("no", { status: 429, headers: { "retry-after": "1800" } });
  }
  const { status, headers, body } = await refresh(service.request);
  assertEquals([status, body.type], [502, "/docs/problems#feed-unavailable"]);
  assertEquals(headers.get("retry-after"), "1800");
  assertEquals((await readAnswer(service.request)).feed, "live");
});

Deno.test("a source that fails once is asked again within the tick", TIME_LIMIT, async () => {
  await using live = startLive(({ respond }) => {
    for (const name of ["kraken", "okx"] as const) {
      const sound = respond[name];
      respond[name] = () => {
        respond[name] = sound;
        return refuse();
      };
    }
  });
  await live.service.tick();
  assertEquals((await readAnswer(live.service.request)).feed, "live");
  assertEquals(live.service.log.lines.some(({ message }) => message === "a source failed"), false);
});

Deno.test(
  "changing FEED mixes nothing, and changing it back finds the old data",
  TIME_LIMIT,
  async () => {
    await using live = startLive();
    const { store, sources } = live;
    const clock = { now: () => LIVE_NOW, elapsed: () => 1_000 };
    await using feed = serveLocally(() => Response.json(simulateRows(LIVE_NOW)));
    function createSentiCryptService(url: string): TestService {
      return createTestService({
        redis: { url: store.url, prefix: "is-bitcoin-lit" },
        feed: createSentiCrypt(feedOptions({ sentimentApiUrl: url, now: clock.now })),
        clock,
      });
    }

    await using first = createSentiCryptService(feed.url);
    await first.tick();
    const text = await readAnswer(first.request);
    assertEquals(text.feed, "senticrypt");

    await using second = createLiveService(sources, store.url, clock);
    await second.tick();
    const positions = await readAnswer(second.request);
    assertEquals(positions.feed, "live");
    assertEquals(positions.as_of, new Date(sources.sentiment.at(-1)?.time ?? 0).toISOString());

    await using third = createSentiCryptService(NOWHERE);
    assertEquals(await readAnswer(third.request), text);
  },
);
