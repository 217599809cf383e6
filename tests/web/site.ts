import { type SentiCryptRow, simulateHours, simulateRows } from "../../dev/senticrypt.ts";
import type { Feed } from "../../src/feeds/feed.ts";
import type { Sample } from "../../src/samples/sample.ts";
import { loadFeed } from "../../src/feeds/mod.ts";
import { eventually } from "../helpers/eventually.ts";
import { createFakeFeed } from "../helpers/fake_feed.ts";
import { FaultyLink } from "../helpers/faulty_link.ts";
import { feedOptions } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { startTestRedis } from "../helpers/redis.ts";
import { createTestService, type TestService } from "../helpers/service.ts";
import { rowsOfKnownDay } from "../helpers/known_day.ts";

const DAY_MS = 86_400_000;

/** A time at which price and sentiment of the simulated day rise. */
export const LIT_AT = Date.UTC(2026, 2, 14, 4, 24, 30);

/** A time at which both fall. */
export const UNLIT_AT = Date.UTC(2026, 2, 14, 9, 24, 30);

/** How a site begins. */
export interface SiteOptions {
  /** How many days of data it has. @default 1 */
  days?: number;
  /** Whether its data is the development service's simulated month, and says so. @default false */
  simulated?: boolean;
  /** Environment variables. @default {} */
  environment?: Readonly<Record<string, string>>;
  /** Commands to Redis that fail from the start. */
  refused?: RegExp;
}

/** A whole service with its page on a free port; a test changes its data and its time. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  /** The connections to Redis. */
  readonly link: FaultyLink;
  /** The service's time in Unix milliseconds. */
  now: number;
  /** How many days of data the feed has. */
  days: number;
  /** Brings the simulated day up to `now` in, as a tick does. */
  refresh(): Promise<void>;
}

/** Serves the page and the simulated days up to `now` (Unix ms). */
export async function serveSite(now: number, options: SiteOptions = {}): Promise<Site> {
  const { days = 1, simulated = false, refused } = options;
  await using parts = new AsyncDisposableStack();
  const redis = parts.use(await startTestRedis());
  const link = new FaultyLink();
  const state = { now, days };
  const feed = simulated
    ? await createTestFeed("simulated", () => simulateMonth(state.now))
    : await createTestFeed("live", () => repeatDay(state.now, state.days));
  const clock = { now: () => state.now, elapsed: () => performance.now() };
  const environment = { REFRESH_MIN_INTERVAL_SECONDS: "0", ...options.environment };
  const service = parts.use(
    createTestService({ redis, feed, clock, connect: link.connect, environment }),
  );
  const server = parts.use(serveLocally(async (request) => {
    const response = await service.fetch(request);
    // Without it, the server would add the time of this machine.
    const headers = new Headers(response.headers);
    headers.set("date", new Date(state.now).toUTCString());
    return new Response(response.body, { status: response.status, headers });
  }));
  if (refused !== undefined) link.refuse(refused);
  service.start();
  if (days > 0 && refused === undefined) await waitForAnswer(service);
  const owned = parts.move();
  return Object.assign(state, {
    url: server.url,
    link,
    refresh: () => refresh(service),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

async function waitForAnswer(service: TestService): Promise<void> {
  await eventually(async () => {
    const { ok, body } = await service.request("/is-bitcoin-lit");
    await body?.cancel();
    return ok;
  });
}

async function refresh(service: TestService): Promise<void> {
  const response = await service.request("/refresh", { method: "POST" });
  if (!response.ok) throw new Error(`Cannot refresh: ${await response.text()}`);
  await response.body?.cancel();
}

/** A feed that is presented as another one, with rows that the test makes. */
async function createTestFeed(
  presentedAs: "live" | "simulated",
  createRows: () => SentiCryptRow[],
): Promise<Feed> {
  const { name, description } = await loadFeed(presentedAs, feedOptions());
  const sources = { test: () => ({ samples: toSamples(createRows()), rejected: 0 }) };
  return { ...createFakeFeed(sources), name, description };
}

function repeatDay(now: number, days: number): SentiCryptRow[] {
  return Array.from({ length: days }, (_, ago) => rowsOfKnownDay(now - ago * DAY_MS)).flat();
}

function simulateMonth(now: number): SentiCryptRow[] {
  return [...simulateHours(now - DAY_MS), ...simulateRows(now)];
}

function toSamples(rows: SentiCryptRow[]): Sample[] {
  return rows.flatMap(({ timestamp, mean, btc_price }): Sample[] => [
    { metric: "price", timestamp: timestamp * 1_000, value: Number(btc_price) },
    { metric: "sentiment", timestamp: timestamp * 1_000, value: mean },
  ]);
}
