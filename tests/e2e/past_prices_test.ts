import { assert, assertEquals } from "@std/assert";
import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import { RespClient } from "../dev/redis/resp_client.ts";
import type { Exchange, LiveSources } from "../helpers/live_sources.ts";
import { LIVE_NOW, type LiveTestbed, startLive } from "./live.ts";

const TIME_LIMIT = { timeout: 60_000 };
const LIE = 667_000_000;

type Row = unknown[] | Record<string, unknown>;

/** Reads every stored price by its time, in Unix milliseconds. */
async function readPrices({ store }: LiveTestbed): Promise<Map<number, number>> {
  using redis = await RespClient.connect(store.port);
  const reply = await redis.call("TS.RANGE", "is-bitcoin-lit:live:price", "-", "+");
  const points = [...reply.matchAll(/:(\d+)\r\n\+(\S+)/g)];
  return new Map(points.map(([, time, price]) => [Number(time), Number(price)]));
}

/** Changes an exchange's rows of one period; `undefined` leaves a row out. */
function changeRows(
  { respond }: LiveSources,
  name: Exchange,
  { periodMs, change }: { periodMs: number; change: (row: Row, ago: number) => Row | undefined },
): void {
  const honest = respond[name];
  respond[name] = async (request) => {
    const response = await honest(request);
    const { searchParams } = new URL(request.url);
    const isHours = searchParams.get("interval") === "60" || searchParams.get("step") === "3600";
    if (isHours !== (periodMs === HOUR_MS)) return response;
    return Response.json(JSON.parse(await response.text(), (_, value) => {
      if (!Array.isArray(value) || typeof value[0] !== "object") return value;
      return value.flatMap((row) => {
        const seconds = Number(Array.isArray(row) ? row[0] : row.timestamp);
        return change(row, (LIVE_NOW - seconds * 1_000) / periodMs) ?? [];
      });
    }));
  };
}

/** A row with another price and, if it is not its own, another time. */
function lieIn(row: Row, { agoMs = 0 } = {}): Row {
  if (!Array.isArray(row)) {
    const prices = { open: `${LIE}`, high: `${LIE}`, low: `${LIE}`, close: `${LIE}` };
    return { ...row, ...prices, timestamp: `${Number(row.timestamp) - agoMs / 1_000}` };
  }
  const [seconds, ...rest] = row;
  return [Number(seconds) - agoMs / 1_000, ...rest.map(() => `${LIE}`)];
}

const LIARS: { lie: string; inflict: (sources: LiveSources) => void }[] = [
  {
    lie: "minutes that no other exchange reaches",
    inflict: (sources) =>
      changeRows(sources, "bitstamp", {
        periodMs: MINUTE_MS,
        change: (row, ago) => ago > 700 ? lieIn(row) : row,
      }),
  },
  {
    lie: "minutes of a day ago and a year ago",
    inflict: (sources) =>
      changeRows(sources, "bitstamp", {
        periodMs: MINUTE_MS,
        change: (row, ago) =>
          ago > 500 ? lieIn(row, { agoMs: (ago > 750 ? 1 : 365) * 24 * HOUR_MS }) : row,
      }),
  },
  {
    lie: "hours that the other exchange leaves out",
    inflict(sources) {
      const change = (row: Row, ago: number) => ago > 473 ? lieIn(row) : row;
      changeRows(sources, "bitstamp", { periodMs: HOUR_MS, change });
      const leave = (row: Row, ago: number) => ago > 473 ? undefined : row;
      changeRows(sources, "kraken", { periodMs: HOUR_MS, change: leave });
    },
  },
  {
    lie: "hours, while the other exchange has none",
    inflict(sources) {
      changeRows(sources, "bitstamp", { periodMs: HOUR_MS, change: (row) => lieIn(row) });
      changeRows(sources, "kraken", { periodMs: HOUR_MS, change: () => undefined });
    },
  },
];

Deno.test.each(LIARS)("FEED=live stores no false $lie", TIME_LIMIT, async ({ inflict }) => {
  await using live = startLive(inflict);
  for (let ticks = 0; ticks < 3; ticks++) {
    await live.service.tick();
    live.advance(MINUTE_MS);
  }
  const prices = await readPrices(live);
  assert(prices.size > 700, `${prices.size} prices`);
  const far = [...prices].filter(([, price]) => price < 55_000 || price > 65_000);
  assertEquals(far, []);
});

Deno.test(
  "FEED=live loads an honest exchange's hours while the other is away",
  TIME_LIMIT,
  async () => {
    await using live = startLive((sources) =>
      changeRows(sources, "kraken", { periodMs: HOUR_MS, change: () => undefined })
    );
    await live.service.tick();
    const oldest = Math.min(...(await readPrices(live)).keys());
    assertEquals((LIVE_NOW - LIVE_NOW % HOUR_MS - oldest) / HOUR_MS, 720);
  },
);

Deno.test.each([
  { word: "true", change: (row: Row) => row, stored: 2 * 60 },
  { word: "false", change: (row: Row, ago: number) => ago > -180 ? lieIn(row) : row, stored: 0 },
])(
  "FEED=live takes one exchange's $word word on a gap within an hour of what is known",
  TIME_LIMIT,
  async ({ change, stored }) => {
    await using live = startLive();
    await live.service.tick();
    const before = await readPrices(live);
    live.advance(15 * HOUR_MS);
    changeRows(live.sources, "bitstamp", { periodMs: MINUTE_MS, change });
    for (let ticks = 0; ticks < 3; ticks++) {
      await live.service.tick();
      live.advance(MINUTE_MS);
    }
    // Kraken reaches 719 minutes back, so that 181 of the gap rest on Bitstamp.
    const from = Math.max(...before.keys());
    const prices = [...await readPrices(live)].filter(([time]) => time > from);
    const lone = prices.filter(([time]) => time <= from + 181 * MINUTE_MS);
    assertEquals([lone.length, lone.filter(([, price]) => price > 65_000)], [stored, []]);
    assert(prices.length > 11 * 60, `${prices.length} prices`);
  },
);
