import * as z from "zod";
import { eventually } from "../helpers/eventually.ts";
import { EXCHANGES, liveEnvironment, serveSources, trendAt } from "../helpers/live_sources.ts";
import { type Running, runTask } from "../helpers/process.ts";
import { tell } from "../helpers/redis_server.ts";
import { freeze, lag, lie, lieBefore, refuse } from "../helpers/source_faults.ts";
import { environmentOf, PREFIX, refresh, type Testbed } from "./testbed.ts";

const ROOT = `${PREFIX}:live`;
const PRICE_KEY = `${ROOT}:price`;

/** What is lost, so that the feed's past is judged anew. */
const LOST_KEYS = [PRICE_KEY, `${ROOT}:sentiment`, `${ROOT}:backfilled`];

/** Further back than Coinbase reaches. */
const PAST_MS = 6 * 3_600_000;

/** How far a stored price may be from the true one, as a share of it. */
const MAX_ERROR = 0.01;

const POINTS = z.array(z.tuple([z.coerce.number(), z.coerce.number()]));

const READINESS = z.object({ last_tick: z.coerce.date().nullish() });

/** A service with `FEED=live` beside the testbed's, on the same Redis; one of its exchanges may be wrong. */
export interface LiveService extends AsyncDisposable {
  readonly service: Running;
  readonly url: string;
  /** What an exchange can do, and how it is started. */
  readonly faults: readonly { readonly name: string; readonly inflict: () => Promise<void> }[];
  /** When the last tick ended, in Unix milliseconds; 0 if that is unknown. */
  readLastTick(): Promise<number>;
  /** Ends the faults of exchanges, and waits until it refreshes. */
  heal(): Promise<void>;
  /** Returns how many prices are stored, and which are wrong. */
  checkPrices(): Promise<{ readonly stored: number; readonly wrong: readonly string[] }>;
}

/** Starts the service. */
export async function startLiveService({ redis, store }: Testbed): Promise<LiveService> {
  await using starting = new AsyncDisposableStack();
  const sources = starting.use(serveSources(() => Date.now()));
  const honest = { ...sources.respond };
  const service = starting.use(runTask("start", {
    ...environmentOf(`redis://127.0.0.1:${redis.port}`),
    ...liveEnvironment(sources),
  }));
  const url = await service.url;
  await refreshSoon(url);
  const started = starting.move();

  /** Loses the data first: otherwise the prices that are stored would keep out the wrong ones. */
  async function startAnew(inflict: () => void): Promise<void> {
    inflict();
    await tell(store.port, "DEL", ...LOST_KEYS);
    await refresh(url).catch(() => {});
  }
  return {
    service,
    url,
    faults: EXCHANGES.flatMap((name) => [
      { name: `${name} lies`, inflict: () => startAnew(() => lie(sources, name)) },
      {
        name: `${name} lies about the past`,
        inflict: () => startAnew(() => lieBefore(sources, name, Date.now() - PAST_MS)),
      },
      { name: `${name} lags`, inflict: () => startAnew(() => lag(sources, name, Date.now())) },
      { name: `${name} freezes`, inflict: () => startAnew(() => freeze(sources, name)) },
      { name: `${name} refuses`, inflict: () => startAnew(() => sources.respond[name] = refuse) },
    ]),
    async heal() {
      Object.assign(sources.respond, honest);
      await refreshSoon(url);
    },
    async readLastTick() {
      const { last_tick } = READINESS.parse(await (await fetch(`${url}/readyz`)).json());
      return last_tick?.getTime() ?? 0;
    },
    async checkPrices() {
      const points = POINTS.parse(await tell(store.port, "TS.RANGE", PRICE_KEY, "-", "+"));
      const wrong = points.filter(([time, price]) =>
        Math.abs(price / trendAt(time) - 1) > MAX_ERROR
      );
      return {
        stored: points.length,
        wrong: wrong.map(([time, price]) => `${new Date(time).toISOString()}: ${price}`),
      };
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function refreshSoon(url: string): Promise<void> {
  await eventually(async () => (await refresh(url)).status === 200);
}
