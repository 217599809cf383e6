import * as z from "zod/mini";
import {
  host,
  integer,
  isWebhookSecret,
  redisUrls,
  text,
  url,
  urls,
  webhookUrls,
  websiteUrl,
} from "./config_values.ts";
import { hideSecretsOfValue, LOG_LEVELS, type LogLevel } from "./log.ts";
import { DAY_MS } from "./samples/bucket.ts";

/** The configuration of the process, parsed. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** One server, or the nodes of a cluster separated by commas. */
  readonly redisUrl: string;
  readonly redisCaFile: string | undefined;
  readonly keyPrefix: string;
  readonly feed: string;
  readonly sentimentApiUrl: string;
  /** Whether the feed reads SentiCrypt's public address, whose data no longer changes. */
  readonly hasFrozenFeed: boolean;
  readonly krakenUrl: string;
  readonly coinbaseUrl: string;
  readonly bitstampUrl: string;
  /** Addresses of the same data, tried in order. */
  readonly okxUrls: readonly string[];
  /** Addresses of the same data, tried in order. */
  readonly bybitUrls: readonly string[];
  readonly refreshToken: string | undefined;
  readonly refreshMinIntervalMs: number;
  readonly retentionMs: number;
  readonly staleAfterMs: number;
  /** The base of absolute URLs, without a slash at the end. */
  readonly publicUrl: string | undefined;
  readonly webhookUrls: readonly string[];
  readonly webhookSecret: string | undefined;
  readonly webhookAfterMs: number;
  /** What is requested while the answer is fresh: a secret. */
  readonly heartbeatUrl: string | undefined;
  /** How many event streams may be open at once. */
  readonly maxStreams: number;
  readonly logLevel: LogLevel;
  /** Whether Deno traces requests with OpenTelemetry. */
  readonly isTraced: boolean;
}

/** SentiCrypt's public address. The data behind it no longer changes. */
const FROZEN_SENTIMENT_API_URL = "https://api.senticrypt.com/v1/bitcoin.json";

/** Returns what an operator should know of a configuration that works. */
export function findWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (config.refreshToken === undefined && !isLoopback(config.host)) {
    warnings.push("REFRESH_TOKEN is not set: everyone who reaches this port can ask for a refresh");
  }
  if (config.hasFrozenFeed) {
    warnings.push("SentiCrypt's public data is frozen: set FEED=live for an answer about today");
  }
  return warnings;
}

/** Whether only programs of this machine reach a host. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.[\d.]+$/.test(host);
}

/** All faults of the configuration at once, a line each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const SECOND_MS = 1_000;

const KRAKEN_URL = "https://api.kraken.com/0/public/OHLC?pair=XBTUSD";

const COINBASE_URL = "https://api.exchange.coinbase.com/products/BTC-USD/candles";

const BITSTAMP_URL = "https://www.bitstamp.net/api/v2/ohlc/btcusd/";

const OKX_PATH = "/api/v5/rubik/stat/contracts/long-short-account-ratio?ccy=BTC";

const OKX_URL = `https://www.okx.com${OKX_PATH} https://openapi.okx.com${OKX_PATH}`;

const BYBIT_PATH = "/v5/market/account-ratio?category=linear&symbol=BTCUSDT";

const BYBIT_URL = `https://api.bybit.com${BYBIT_PATH} https://api.bytick.com${BYBIT_PATH}`;

const MAX_SOURCE_URLS = 5;

const MAX_WEBHOOKS = 20;

// OKX's newest settled bucket is 10 to 15 minutes old, plus a tick: after 900 s a healthy service
// would be stale for a moment every five minutes.
const STALE_AFTER_SECONDS_OF_LIVE = 1_200;

// A cluster takes several keys in one command only if they share a slot, by their hash tag.
const CLUSTER_KEY_PREFIX = z._default(
  text(
    /^(?=\S{1,100}$)[^{]*\{[^}]+\}/,
    "1 to 100 characters without spaces, a hash tag such as {is-bitcoin-lit} among them, as " +
      "REDIS_URL names a cluster",
  ),
  "{is-bitcoin-lit}",
);

const STALE_AFTER_SECONDS = integer({ min: 1, max: 31_536_000 });

const DEFAULT_STALE_AFTER_SECONDS = 900;

/** The variables, apart from those that depend on others; messages complete "NAME must be …". */
const VARIABLES = z.object({
  HOST: z._default(host(), "0.0.0.0"),
  PORT: z._default(integer({ min: 0, max: 65_535 }), 8_000),
  REDIS_URL: z._default(redisUrls(), "redis://localhost:6379"),
  REDIS_CA_FILE: z.optional(text(/\S/, "the path of a PEM file")),
  KEY_PREFIX: z._default(
    text(/^\S{1,100}$/, "1 to 100 characters without spaces"),
    "is-bitcoin-lit",
  ),
  FEED: z._default(z.string(), "senticrypt"),
  SENTIMENT_API_URL: z._default(url("http", "https"), FROZEN_SENTIMENT_API_URL),
  KRAKEN_URL: z._default(url("http", "https"), KRAKEN_URL),
  COINBASE_URL: z._default(url("http", "https"), COINBASE_URL),
  BITSTAMP_URL: z._default(url("http", "https"), BITSTAMP_URL),
  OKX_URL: z._default(urls(MAX_SOURCE_URLS, "http", "https"), OKX_URL.split(" ")),
  BYBIT_URL: z._default(urls(MAX_SOURCE_URLS, "http", "https"), BYBIT_URL.split(" ")),
  REFRESH_TOKEN: z.optional(text(/^[\w.~+/-]+=*$/, "letters, digits and ._~+/- as in RFC 6750")),
  REFRESH_MIN_INTERVAL_SECONDS: z._default(integer({ min: 0, max: 3_600 }), 5),
  RETENTION_DAYS: z._default(integer({ min: 1, max: 3_650 }), 365),
  STALE_AFTER_SECONDS: z._default(STALE_AFTER_SECONDS, DEFAULT_STALE_AFTER_SECONDS),
  PUBLIC_URL: z.optional(websiteUrl()),
  WEBHOOK_URLS: z._default(webhookUrls(MAX_WEBHOOKS), []),
  HEARTBEAT_URL: z.optional(url("http", "https")),
  WEBHOOK_SECRET: z.optional(
    z.string().check(z.refine(isWebhookSecret, "whsec_ and base64 of 24 to 64 bytes")),
  ),
  WEBHOOK_AFTER_SECONDS: z._default(integer({ min: 0, max: 86_400 }), 300),
  MAX_STREAMS: z._default(integer({ min: 1, max: 100_000 }), 1_000),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`), "info"),
  // Deno itself reads it; spans then get their route.
  OTEL_DENO: z.optional(z.string()),
});

/** The names of all variables. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES.shape);

const SECRETS: ReadonlySet<string> = new Set([
  "HEARTBEAT_URL",
  "REFRESH_TOKEN",
  "WEBHOOK_SECRET",
  "WEBHOOK_URLS",
]);

/**
 * Parses environment variables; an empty one counts as unset.
 *
 * @param feedNames the feeds that `FEED` can choose
 * @throws {ConfigError} with every fault: the variable, what it must be and what it is
 */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  feedNames: readonly string[],
): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = createSchema(given, feedNames).safeParse(given);
  if (!parsed.success) throw new ConfigError(describeFaults(parsed.error, given));
  return toConfig(parsed.data);
}

function createSchema(given: Record<string, string | undefined>, feedNames: readonly string[]) {
  const { KEY_PREFIX } = VARIABLES.shape;
  const staleAfter = given.FEED === "live"
    ? STALE_AFTER_SECONDS_OF_LIVE
    : DEFAULT_STALE_AFTER_SECONDS;
  return z.extend(VARIABLES, {
    FEED: z._default(z.enum(feedNames, `one of ${feedNames.join(", ")}`), "senticrypt"),
    KEY_PREFIX: given.REDIS_URL?.includes(",") ? CLUSTER_KEY_PREFIX : KEY_PREFIX,
    STALE_AFTER_SECONDS: z._default(STALE_AFTER_SECONDS, staleAfter),
  });
}

function toConfig(variables: z.infer<typeof VARIABLES>): Config {
  return {
    host: variables.HOST,
    port: variables.PORT,
    redisUrl: variables.REDIS_URL,
    redisCaFile: variables.REDIS_CA_FILE,
    keyPrefix: variables.KEY_PREFIX,
    feed: variables.FEED,
    sentimentApiUrl: variables.SENTIMENT_API_URL,
    hasFrozenFeed: variables.FEED === "senticrypt" &&
      variables.SENTIMENT_API_URL === FROZEN_SENTIMENT_API_URL,
    krakenUrl: variables.KRAKEN_URL,
    coinbaseUrl: variables.COINBASE_URL,
    bitstampUrl: variables.BITSTAMP_URL,
    okxUrls: variables.OKX_URL,
    bybitUrls: variables.BYBIT_URL,
    refreshToken: variables.REFRESH_TOKEN,
    refreshMinIntervalMs: variables.REFRESH_MIN_INTERVAL_SECONDS * SECOND_MS,
    retentionMs: variables.RETENTION_DAYS * DAY_MS,
    staleAfterMs: variables.STALE_AFTER_SECONDS * SECOND_MS,
    publicUrl: variables.PUBLIC_URL?.replace(/\/+$/, ""),
    webhookUrls: variables.WEBHOOK_URLS,
    webhookSecret: variables.WEBHOOK_SECRET,
    webhookAfterMs: variables.WEBHOOK_AFTER_SECONDS * SECOND_MS,
    heartbeatUrl: variables.HEARTBEAT_URL,
    maxStreams: variables.MAX_STREAMS,
    logLevel: variables.LOG_LEVEL,
    isTraced: ["1", "true"].includes(variables.OTEL_DENO ?? ""),
  };
}

function describeFaults(
  error: z.core.$ZodError,
  given: Record<string, string | undefined>,
): string {
  const requirements = new Map(error.issues.map(({ path, message }) => [String(path[0]), message]));
  return Array.from(
    requirements,
    ([name, requirement]) => `${name} must be ${requirement}, is ${show(name, given[name])}`,
  ).join("\n");
}

function show(name: string, value = ""): string {
  return SECRETS.has(name)
    ? "a value that is not shown"
    : JSON.stringify(hideSecretsOfValue(value));
}

/** Returns what `run` returns; on a {@linkcode ConfigError}, prints it and ends the process with 1. */
export function orExit<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}

/**
 * Reads the certificate authority of `rediss://`, in PEM.
 *
 * @throws {ConfigError} when the file cannot be read
 */
export function readCa(path: string | undefined): string | undefined {
  try {
    return path && Deno.readTextFileSync(path);
  } catch (cause) {
    const requirement = "REDIS_CA_FILE must be a file that --allow-read lets the process read";
    throw new ConfigError(`${requirement}, is ${JSON.stringify(path)}: ${cause}`);
  }
}
