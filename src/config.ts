import * as z from "zod";
import { FEED_NAMES, type FeedName, isFeedName } from "./feeds/mod.ts";

/** What the process is told from outside, parsed. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** One server, or the nodes of a cluster between commas. */
  readonly redisUrl: string;
  readonly redisCaFile: string | undefined;
  readonly keyPrefix: string;
  readonly feed: FeedName;
  readonly sentimentApiUrl: string;
  readonly krakenUrl: string;
  readonly okxUrl: string;
  readonly refreshToken: string | undefined;
  readonly refreshMinIntervalMs: number;
  readonly retentionMs: number;
  readonly staleAfterMs: number;
  readonly logLevel: LogLevel;
}

/** How much is logged, from most to least. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** All faults of the environment at once, a line each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

// OKX's newest settled bucket is 10 to 15 minutes old, and a tick more: after 900 s a sound answer
// would be stale for a moment, every five minutes.
const DEFAULTS_OF_FEED: Partial<Record<FeedName, Record<string, string>>> = {
  live: { STALE_AFTER_SECONDS: "1200" },
};

// Each description completes "NAME must be …".
const VARIABLES = z.object({
  HOST: z.string().regex(/^[\w.:-]+$/).default("0.0.0.0")
    .describe("a host name or an IP address"),
  PORT: integer({ least: 0, most: 65_535, otherwise: 8_000 }),
  REDIS_URL: url(["redis", "rediss"], "redis://localhost:6379", ","),
  REDIS_CA_FILE: z.string().optional().describe("the path of a PEM file"),
  KEY_PREFIX: z.string().regex(/^\S{1,100}$/).default("is-bitcoin-lit")
    .describe("1 to 100 characters without spaces"),
  FEED: z.custom<FeedName>(isFeedName).default("senticrypt")
    .describe(`one of ${FEED_NAMES.join(", ")}`),
  SENTIMENT_API_URL: url(["http", "https"], "https://api.senticrypt.com/v1/bitcoin.json"),
  KRAKEN_URL: url(
    ["http", "https"],
    "https://api.kraken.com/0/public/OHLC?pair=XBTUSD&interval=1",
  ),
  OKX_URL: url(
    ["http", "https"],
    "https://www.okx.com/api/v5/rubik/stat/contracts/long-short-account-ratio?ccy=BTC&period=5m",
  ),
  REFRESH_TOKEN: z.string().regex(/^[\x21-\x7e]+$/).optional()
    .describe("printable ASCII without spaces"),
  REFRESH_MIN_INTERVAL_SECONDS: integer({ least: 0, most: 3_600, otherwise: 5 }),
  RETENTION_DAYS: integer({ least: 1, most: 3_650, otherwise: 30 }),
  STALE_AFTER_SECONDS: integer({ least: 1, most: 31_536_000, otherwise: 900 }),
  LOG_LEVEL: z.enum(LOG_LEVELS).default("info").describe(`one of ${LOG_LEVELS.join(", ")}`),
});

// A cluster takes several keys in one command only where they share a slot, by their hash tag.
const VARIABLES_OF_CLUSTER = VARIABLES.extend({
  KEY_PREFIX: z.string().regex(/^(?=\S{1,100}$)[^{]*\{[^}]+\}/).default("{is-bitcoin-lit}")
    .describe(
      "1 to 100 characters without spaces, a hash tag such as {is-bitcoin-lit} among them where " +
        "REDIS_URL names a cluster",
    ),
});

type VariableName = keyof typeof VARIABLES.shape;

const SECRETS: readonly VariableName[] = ["REFRESH_TOKEN"];

/**
 * Parses environment variables; an empty one counts as unset.
 *
 * @throws {ConfigError} with every fault: the variable, what it must be and what it is
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const given = { ...isFeedName(set.FEED) && DEFAULTS_OF_FEED[set.FEED], ...set };
  const schema = given.REDIS_URL?.includes(",") ? VARIABLES_OF_CLUSTER : VARIABLES;
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new ConfigError(describeFaults(schema, parsed.error, given));
  const variables = parsed.data;
  return {
    host: variables.HOST,
    port: variables.PORT,
    redisUrl: variables.REDIS_URL,
    redisCaFile: variables.REDIS_CA_FILE,
    keyPrefix: variables.KEY_PREFIX,
    feed: variables.FEED,
    sentimentApiUrl: variables.SENTIMENT_API_URL,
    krakenUrl: variables.KRAKEN_URL,
    okxUrl: variables.OKX_URL,
    refreshToken: variables.REFRESH_TOKEN,
    refreshMinIntervalMs: variables.REFRESH_MIN_INTERVAL_SECONDS * SECOND_MS,
    retentionMs: variables.RETENTION_DAYS * DAY_MS,
    staleAfterMs: variables.STALE_AFTER_SECONDS * SECOND_MS,
    logLevel: variables.LOG_LEVEL,
  };
}

function describeFaults(
  schema: typeof VARIABLES,
  error: z.ZodError,
  given: Record<string, string | undefined>,
): string {
  const names = schema.keyof().options.filter((name) =>
    error.issues.some(({ path }) => path[0] === name)
  );
  return names.map((name) => {
    const { description } = schema.shape[name];
    return `${name} must be ${description}, is ${show(name, given[name])}`;
  }).join("\n");
}

function show(name: VariableName, value = ""): string {
  if (SECRETS.includes(name)) return "a value that is not shown";
  // Whatever stands before the last "@" of a URL may be a password.
  return JSON.stringify(value.replace(/^.*@/s, "***@"));
}

function integer({ least, most, otherwise }: Record<"least" | "most" | "otherwise", number>) {
  return z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.number().min(least).max(most))
    .default(otherwise).describe(`an integer from ${least} to ${most}`);
}

function url(schemes: readonly string[], otherwise: string, separator?: ",") {
  const several = separator === undefined ? "" : ", or several with commas between";
  return z.string()
    .refine((value) =>
      (separator ? value.split(separator) : [value]).every((one) =>
        schemes.some((scheme) => URL.parse(one)?.protocol === `${scheme}:`)
      )
    )
    .default(otherwise)
    .describe(
      `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}${several}`,
    );
}
