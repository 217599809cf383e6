import { HOUR_MS, MINUTE_MS } from "../../src/samples/bucket.ts";
import {
  bitstampAnswer,
  type Bucket,
  bybitAnswer,
  type Candle,
  coinbaseAnswer,
  krakenAnswer,
  okxAnswer,
} from "./exchange_answers.ts";
import { type Exchange, EXCHANGES, type SourceName } from "./live_sources.ts";
import { type LocalServer, serveLocally } from "./local_server.ts";

const BUCKET_MS = 5 * MINUTE_MS;
const CANDLES = 40;
const BUCKETS = 50;
const DAY_BUCKETS = 300;
/** Later than a bucket takes to settle; an exchange as late as that would have failed anyway. */
const LATE_MS = 755_000;
const LATE_EXCHANGE_MS = 200_000;
const EARLY_MS = 200_000;

/** An open candle is off by more than this factor, which no other fault reaches. */
export const OPEN_FACTOR = 1.15;

/** What can be wrong with a source, from one time to another (Unix ms). */
export interface MarketFault {
  readonly source: SourceName;
  /** `block` and `page` concern the first address of OKX alone. */
  readonly kind: (typeof FAULT_KINDS)[number];
  readonly from: number;
  readonly until: number;
}

/** What can be wrong with a source. */
export const FAULT_KINDS = [
  "down",
  "block",
  "page",
  "busy",
  "limit",
  "limit without a wait",
  "wait",
  "halt",
  "freeze",
  "late clock",
  "early clock",
  "stray",
] as const;

/** Five sources in simulated time, with faults. */
export interface Market extends AsyncDisposable {
  readonly urls: {
    readonly krakenUrl: string;
    readonly coinbaseUrl: string;
    readonly bitstampUrl: string;
    readonly okxUrls: readonly string[];
    readonly bybitUrls: readonly string[];
  };
  faults: readonly MarketFault[];
  /** Requests that should not have been sent: in a pause, or again after a refusal. */
  readonly violations: string[];
  /** How many exchanges honestly reported each minute (Unix ms) at the present time. */
  readonly honest: ReadonlyMap<number, number>;
  /** Forgets what was reported; time passes. */
  advance(ms: number): void;
  now(): number;
}

/** The true price of the minute that starts at a time in Unix ms. */
export function priceAt(time: number): number {
  return 60_000 * (1 + 0.03 * Math.sin(time / (5 * HOUR_MS)) + 0.0004 * noiseAt(time));
}

/** The true sentiment of the bucket that starts at a time in Unix ms, at OKX's level. */
export function sentimentAt(time: number): number {
  return 0.2 + 0.15 * Math.sin(time / (3 * HOUR_MS));
}

/** Between −1 and 1, always the same for a time. */
function noiseAt(time: number, salt = 0): number {
  const x = Math.sin(time / 7_919 + salt * 104_729) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** Serves the five sources from `start` (Unix ms) on; OKX has two addresses. */
export function serveMarket(start: number): Market {
  let now = start;
  const pausedUntil = new Map<string, number>();
  const refusedAt = new Map<string, number>();
  const honest = new Map<number, number>();
  const market = { faults: [] as readonly MarketFault[], violations: [] as string[] };
  const addresses = [...EXCHANGES, "okx", "okx 2", "bybit"] as const;

  function answer(address: (typeof addresses)[number]): Response {
    const source = address === "okx 2" ? "okx" : address;
    const fault = market.faults.find((one) =>
      one.source === source && one.from <= now && now < one.until &&
      (address !== "okx 2" || !["block", "page", "busy", "wait"].includes(one.kind))
    );
    const isPaused = now < (pausedUntil.get(address) ?? 0);
    if (isPaused || refusedAt.get(address) === now) {
      market.violations.push(`${address} was asked at ${new Date(now).toISOString()}`);
    }
    const pause = (ms: number) => {
      const isLimit = fault?.kind.startsWith("limit");
      const all = isLimit ? addresses.filter((one) => one.startsWith(source)) : [address];
      for (const one of all) pausedUntil.set(one, now + ms);
    };
    switch (fault?.kind) {
      case "down":
        return new Response("no", { status: 500 });
      case "block":
        refusedAt.set(address, now);
        return new Response("<h1>Blocked", { status: 403 });
      case "page":
        return new Response("<h1>Checking your browser");
      case "busy":
        if (source === "okx") return Response.json({ code: "50001", msg: "busy" });
        return new Response("busy", { status: 503 });
      case "limit":
        pause(300_000);
        return new Response("slow down", { status: 429, headers: { "retry-after": "299.2" } });
      case "limit without a wait":
        pause(MINUTE_MS);
        if (source === "kraken") return Response.json({ error: ["EGeneral:Too many requests"] });
        if (source === "okx") return Response.json({ code: "50011", msg: "Too Many Requests" });
        if (source === "bybit") {
          return Response.json({ retCode: 10006, retMsg: "Too many visits!" });
        }
        return new Response("slow down", { status: 429, headers: { "retry-after": "-1" } });
      case "wait":
        pause(120_000);
        return new Response("later", { status: 503, headers: { "retry-after": "120" } });
      default: {
        const time = clockOf(fault, now);
        const body = source === "okx" || source === "bybit"
          ? bucketsOf(source, { time, isFrozen: fault?.kind === "freeze" })
          : candlesOf(source, time, fault);
        const date = fault?.kind === "freeze" ? now : time;
        return Response.json(body, { headers: { date: new Date(date).toUTCString() } });
      }
    }
  }

  function candlesOf(exchange: Exchange, time: number, fault: MarketFault | undefined): unknown {
    const open = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    const candles = Array.from({ length: CANDLES }, (_, i): Candle => {
      const at = open - (CANDLES - 1 - i) * MINUTE_MS;
      if (at === open) return { time: at, close: OPEN_FACTOR ** 2 * priceAt(at) };
      return candleOf(exchange, at, fault);
    });
    const newest = candles.findLast(({ time, volume }) => time < open && volume !== 0)?.time ?? 0;
    for (const { time: at, close, volume } of candles) {
      const isTrue = Math.abs(close / priceAt(at) - 1) < 0.005;
      if (!isTrue || volume === 0 || at + MINUTE_MS > Math.min(now, time)) continue;
      // An exchange that brings nothing newer than ten minutes has failed.
      if (now - newest < 10 * MINUTE_MS) honest.set(at, (honest.get(at) ?? 0) + 1);
    }
    if (exchange === "kraken") return krakenAnswer(candles);
    if (exchange === "coinbase") {
      // The open candle of an answer that is frozen would look closed, whatever its date says.
      const given = fault?.kind === "freeze" ? candles.slice(0, -1) : candles;
      return coinbaseAnswer(given.filter(({ volume }) => volume !== 0));
    }
    return bitstampAnswer(candles.slice(0, -1));
  }

  const servers = new Map(
    addresses.map((address): [string, LocalServer] => [
      address,
      serveLocally(() => answer(address)),
    ]),
  );
  const urlOf = (address: string) => servers.get(address)?.url ?? "";
  return Object.assign(market, {
    urls: {
      krakenUrl: urlOf("kraken"),
      coinbaseUrl: urlOf("coinbase"),
      bitstampUrl: urlOf("bitstamp"),
      okxUrls: [urlOf("okx"), urlOf("okx 2")],
      bybitUrls: [urlOf("bybit")],
    },
    honest,
    now: () => now,
    advance(ms: number) {
      now += ms;
      honest.clear();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...servers.values()].map((server) => server[Symbol.asyncDispose]()));
    },
  });
}

/** What time it is for a source. */
function clockOf(fault: MarketFault | undefined, now: number): number {
  if (fault?.kind === "late clock") {
    return now - (fault.source === "okx" || fault.source === "bybit" ? LATE_MS : LATE_EXCHANGE_MS);
  }
  if (fault?.kind === "early clock") return now + EARLY_MS;
  return fault?.kind === "freeze" ? fault.from : now;
}

function candleOf(exchange: Exchange, time: number, fault: MarketFault | undefined): Candle {
  const salt = EXCHANGES.indexOf(exchange) + 1;
  if (fault?.kind === "halt" && time >= fault.from) {
    // The last price that was traded, which the market leaves behind.
    return { time, close: 0.98 * priceAt(fault.from), volume: 0 };
  }
  const close = priceAt(time) * (1 + 0.0005 * noiseAt(time, salt));
  const isStray = fault?.kind === "stray" && noiseAt(time, salt + 10) > 0.7;
  return isStray ? { time, open: close, close: 0.7 * close } : { time, close };
}

/** A bucket that can still change by the source's own clock is far off; a frozen source has none. */
function bucketsOf(
  source: "okx" | "bybit",
  { time, isFrozen }: { time: number; isFrozen: boolean },
): unknown {
  const newest = Math.floor(time / BUCKET_MS) * BUCKET_MS - (isFrozen ? 2 * BUCKET_MS : 0);
  const buckets = Array.from({ length: source === "okx" ? BUCKETS : DAY_BUCKETS }, (_, i) => {
    const start = newest - i * BUCKET_MS;
    const isSettled = start + 2 * BUCKET_MS <= time;
    const level = source === "okx" ? 0 : 0.004 * noiseAt(start) - 0.08;
    const sentiment = sentimentAt(start) + level + (isSettled ? 0 : 0.3);
    return { time: start, ratio: `${(1 + sentiment) / (1 - sentiment)}` } satisfies Bucket;
  });
  return source === "okx" ? okxAnswer(buckets) : bybitAnswer(buckets);
}
