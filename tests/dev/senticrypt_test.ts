import { assert, assertEquals } from "@std/assert";
import { serveSimulatedSentiCrypt, simulateHours, simulateRows } from "../../dev/senticrypt.ts";
import { DAY_MS, HOUR_MS } from "../../src/samples/bucket.ts";
import { createSimulated } from "../../src/feeds/senticrypt.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { createTestService } from "../helpers/service.ts";

const TIME_LIMIT = { timeout: 60_000 };

const MIDNIGHT = Date.UTC(2026, 0, 2);

Deno.test("simulateRows() returns a day of rows every 30 s, oldest first", TIME_LIMIT, () => {
  const rows = simulateRows(MIDNIGHT + 12_345);
  assertEquals(rows.length, 2_880);
  assertEquals(rows.at(-1)?.timestamp, MIDNIGHT / 1_000);
  assert(rows.every(({ timestamp }, i) => timestamp === MIDNIGHT / 1_000 - (2_879 - i) * 30));
});

Deno.test("simulateRows() returns the same row for the same time", TIME_LIMIT, () => {
  const earlier = simulateRows(MIDNIGHT);
  const later = simulateRows(MIDNIGHT + HOUR_MS);
  assertEquals(later.slice(0, -120), earlier.slice(120));
});

Deno.test("simulateHours() returns the averages of 30 days of rows", TIME_LIMIT, () => {
  const now = MIDNIGHT + HOUR_MS / 2;
  const hours = simulateHours(now);
  assertEquals(hours.length, 720);
  assertEquals(hours.at(-1)?.timestamp, (MIDNIGHT - HOUR_MS) / 1_000);
  const rows = simulateRows(now).filter(({ timestamp }) => timestamp >= MIDNIGHT / 1_000 - 3_600);
  const last = rows.slice(0, 120);
  const average = last.reduce((sum, { btc_price }) => sum + Number(btc_price), 0) / 120;
  assert(Math.abs(average / Number(hours.at(-1)?.btc_price) - 1) < 1e-3);
});

Deno.test("simulateHours() repeats no day, and leads nowhere", TIME_LIMIT, () => {
  const month = simulateHours(MIDNIGHT).map(({ btc_price }) => Number(btc_price));
  const days = Array.from(
    { length: 30 },
    (_, day) =>
      month.slice(24 * day, 24 * day + 24).map((price) => price / (month[24 * day] ?? NaN)).join(),
  );
  assertEquals(new Set(days).size, 30);
  const years = [0, 1, 2, 3].flatMap((year) => simulateHours(MIDNIGHT + year * 365 * DAY_MS));
  for (const { btc_price, mean } of years) {
    assert(Number(btc_price) > 20_000 && Number(btc_price) < 180_000 && Math.abs(mean) < 0.95);
  }
});

Deno.test(
  "the first start with the simulated feed loads 30 days, lit and unlit",
  TIME_LIMIT,
  async () => {
    const now = () => MIDNIGHT + HOUR_MS / 2;
    await using server = serveSimulatedSentiCrypt(now);
    await using redis = await startTestRedis();
    const feed = createSimulated(feedOptions({ sentimentApiUrl: server.url, now }));
    await using service = createTestService({ redis, feed, clock: { now, elapsed: now } });
    await service.tick();
    const { hours, lit_hours, known_hours, spells } = await (await service.request("/track-record"))
      .json();
    assert(hours >= 719 && known_hours >= hours - 2, `${known_hours} of ${hours}`);
    // Two rises that know nothing of each other: a quarter of the time.
    assert(lit_hours > 0.1 * hours && lit_hours < 0.45 * hours, `${lit_hours} lit hours`);
    assert(spells.length > 20, `${spells.length} spells`);
  },
);
