import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  ConfigError,
  findWarnings,
  isLoopback,
  parseConfig,
  VARIABLE_NAMES,
} from "../src/config.ts";
import { FEED_NAMES } from "../src/feeds/mod.ts";

const TIME_LIMIT = { timeout: 60_000 };
const DAY_MS = 86_400_000;

function parse(environment: Record<string, string>) {
  return parseConfig(environment, FEED_NAMES);
}

/** Returns the lines of the error that an environment leads to. */
function faultsOf(environment: Record<string, string>): string[] {
  return assertThrows(() => parse(environment), ConfigError).message.split("\n");
}

Deno.test("parseConfig() has a default for every variable that needs one", TIME_LIMIT, () => {
  const bybitPath = "/v5/market/account-ratio?category=linear&symbol=BTCUSDT";
  const okxPath = "/api/v5/rubik/stat/contracts/long-short-account-ratio?ccy=BTC";
  assertEquals(parse({}), {
    host: "0.0.0.0",
    port: 8000,
    redisUrl: "redis://localhost:6379",
    redisCaFile: undefined,
    keyPrefix: "is-bitcoin-lit",
    feed: "senticrypt",
    sentimentApiUrl: "https://api.senticrypt.com/v1/bitcoin.json",
    hasFrozenFeed: true,
    krakenUrl: "https://api.kraken.com/0/public/OHLC?pair=XBTUSD",
    coinbaseUrl: "https://api.exchange.coinbase.com/products/BTC-USD/candles",
    bitstampUrl: "https://www.bitstamp.net/api/v2/ohlc/btcusd/",
    okxUrls: [`https://www.okx.com${okxPath}`, `https://openapi.okx.com${okxPath}`],
    bybitUrls: [`https://api.bybit.com${bybitPath}`, `https://api.bytick.com${bybitPath}`],
    refreshToken: undefined,
    refreshMinIntervalMs: 5_000,
    retentionMs: 365 * DAY_MS,
    staleAfterMs: 900_000,
    publicUrl: undefined,
    webhookUrls: [],
    webhookSecret: undefined,
    webhookAfterMs: 300_000,
    heartbeatUrl: undefined,
    maxStreams: 1_000,
    logLevel: "info",
    isTraced: false,
  });
});

Deno.test("parseConfig() takes every variable", TIME_LIMIT, () => {
  const secret = `whsec_${btoa("x".repeat(24))}`;
  const environment = {
    HOST: "::1",
    PORT: "80",
    REDIS_URL: "rediss://user:p%40ss@redis.example:6380/1",
    REDIS_CA_FILE: "/run/secrets/ca.pem",
    KEY_PREFIX: "lit",
    FEED: "live",
    SENTIMENT_API_URL: "http://a/s",
    KRAKEN_URL: "http://a/k",
    COINBASE_URL: "http://a/c",
    BITSTAMP_URL: "http://a/b",
    OKX_URL: "http://a/o  http://b/o",
    BYBIT_URL: "http://a/y  http://b/y",
    REFRESH_TOKEN: "s3cret",
    REFRESH_MIN_INTERVAL_SECONDS: "0",
    RETENTION_DAYS: "30",
    STALE_AFTER_SECONDS: "60",
    PUBLIC_URL: "https://lit.example/base//",
    WEBHOOK_URLS: "https://a/1 mattermost+https://a/2\nslack+https://a/1",
    WEBHOOK_SECRET: secret,
    WEBHOOK_AFTER_SECONDS: "0",
    HEARTBEAT_URL: "https://hc.example/uuid",
    MAX_STREAMS: "5",
    LOG_LEVEL: "warn",
    OTEL_DENO: "true",
  };
  assertEquals(Object.keys(environment).toSorted(), VARIABLE_NAMES.toSorted());
  assertEquals(parse({ ...environment, HOME: "/", constructor: "x" }), {
    host: "::1",
    port: 80,
    redisUrl: "rediss://user:p%40ss@redis.example:6380/1",
    redisCaFile: "/run/secrets/ca.pem",
    keyPrefix: "lit",
    feed: "live",
    sentimentApiUrl: "http://a/s",
    hasFrozenFeed: false,
    krakenUrl: "http://a/k",
    coinbaseUrl: "http://a/c",
    bitstampUrl: "http://a/b",
    okxUrls: ["http://a/o", "http://b/o"],
    bybitUrls: ["http://a/y", "http://b/y"],
    refreshToken: "s3cret",
    refreshMinIntervalMs: 0,
    retentionMs: 30 * DAY_MS,
    staleAfterMs: 60_000,
    publicUrl: "https://lit.example/base",
    webhookUrls: ["https://a/1", "mattermost+https://a/2"],
    webhookSecret: secret,
    webhookAfterMs: 0,
    heartbeatUrl: "https://hc.example/uuid",
    maxStreams: 5,
    logLevel: "warn",
    isTraced: true,
  });
});

Deno.test("parseConfig() takes an empty variable as unset", TIME_LIMIT, () => {
  const empty = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, ""]));
  assertEquals(parse(empty), parse({}));
});

Deno.test(
  "parseConfig() has a longer default of STALE_AFTER_SECONDS for the live feed",
  TIME_LIMIT,
  () => {
    assertEquals(parse({ FEED: "live" }).staleAfterMs, 1_200_000);
    assertEquals(parse({ FEED: "live", STALE_AFTER_SECONDS: "900" }).staleAfterMs, 900_000);
  },
);

Deno.test(
  "parseConfig() takes several Redis URLs as a cluster, whose keys need a hash tag",
  TIME_LIMIT,
  () => {
    const cluster = { REDIS_URL: "redis://a:7000,redis://b:7000" };
    assertEquals(parse(cluster).keyPrefix, "{is-bitcoin-lit}");
    assertEquals(parse({ ...cluster, KEY_PREFIX: "x:{lit}" }).keyPrefix, "x:{lit}");
    for (const prefix of ["is-bitcoin-lit", "{}{lit}", "lit}{", "{lit} x"]) {
      const [fault = ""] = faultsOf({ ...cluster, KEY_PREFIX: prefix });
      assertStringIncludes(fault, "KEY_PREFIX must be");
      assertStringIncludes(fault, "a hash tag such as {is-bitcoin-lit}");
    }
  },
);

Deno.test("parseConfig() lets FEED choose among the given feeds only", TIME_LIMIT, () => {
  assertEquals(parseConfig({ FEED: "mine" }, ["senticrypt", "mine"]).feed, "mine");
  for (const name of ["mine", "toString", "__proto__", "Live"]) {
    assertEquals(faultsOf({ FEED: name }), [
      `FEED must be one of ${FEED_NAMES.join(", ")}, is "${name}"`,
    ]);
  }
});

Deno.test("parseConfig() reports all faults together, in a fixed order", TIME_LIMIT, () => {
  assertEquals(
    faultsOf({ LOG_LEVEL: "loud", RETENTION_DAYS: "0", REDIS_URL: "localhost", PORT: "http" }),
    [
      'PORT must be an integer from 0 to 65535, is "http"',
      "REDIS_URL must be a URL that starts with redis:// or rediss:// and names a host, or several " +
      'separated by commas without spaces, is "localhost"',
      'RETENTION_DAYS must be an integer from 1 to 3650, is "0"',
      'LOG_LEVEL must be one of debug, info, warn, error, is "loud"',
    ],
  );
});

Deno.test.each([
  { name: "HOST", value: "http://localhost" },
  { name: "HOST", value: ":" },
  { name: "HOST", value: "a:b" },
  { name: "HOST", value: "1.2.3.4.5" },
  { name: "PORT", value: "65536" },
  { name: "PORT", value: "-1" },
  { name: "PORT", value: "8e3" },
  { name: "PORT", value: " 80" },
  { name: "REDIS_URL", value: "http://localhost" },
  { name: "REDIS_URL", value: "redis:6379" },
  { name: "REDIS_URL", value: "redis://" },
  { name: "REDIS_URL", value: "redis://a,redis://" },
  { name: "REDIS_URL", value: "redis://a, redis://b" },
  { name: "REDIS_URL", value: "redis://a," },
  { name: "REDIS_URL", value: "redis://a b" },
  { name: "REDIS_CA_FILE", value: " " },
  { name: "KEY_PREFIX", value: "a b" },
  { name: "KEY_PREFIX", value: "x".repeat(101) },
  { name: "SENTIMENT_API_URL", value: "ftp://example.com" },
  { name: "SENTIMENT_API_URL", value: "https:example.com" },
  { name: "KRAKEN_URL", value: "api.kraken.com" },
  { name: "COINBASE_URL", value: "/candles" },
  { name: "BITSTAMP_URL", value: "https://" },
  { name: "OKX_URL", value: "okx" },
  { name: "OKX_URL", value: " " },
  { name: "OKX_URL", value: "http://a http://b http://c http://d http://e http://f" },
  { name: "BYBIT_URL", value: "bybit" },
  { name: "REFRESH_MIN_INTERVAL_SECONDS", value: "1.5" },
  { name: "REFRESH_MIN_INTERVAL_SECONDS", value: "3601" },
  { name: "RETENTION_DAYS", value: "3651" },
  { name: "STALE_AFTER_SECONDS", value: "soon" },
  { name: "STALE_AFTER_SECONDS", value: "0" },
  { name: "PUBLIC_URL", value: "lit.example" },
  { name: "PUBLIC_URL", value: "https://lit.example/#" },
  { name: "WEBHOOK_AFTER_SECONDS", value: "-1" },
  { name: "LOG_LEVEL", value: "INFO" },
])("parseConfig() refuses $name=$value", TIME_LIMIT, ({ name, value }) => {
  const [fault = "", ...others] = faultsOf({ [name]: value });
  assertEquals(others, []);
  assertStringIncludes(fault, `${name} must be `);
  assertStringIncludes(fault, `, is ${JSON.stringify(value)}`);
});

Deno.test.each([
  { name: "PORT", min: 0, max: 65_535 },
  { name: "REFRESH_MIN_INTERVAL_SECONDS", min: 0, max: 3_600 },
  { name: "RETENTION_DAYS", min: 1, max: 3_650 },
  { name: "STALE_AFTER_SECONDS", min: 1, max: 31_536_000 },
  { name: "WEBHOOK_AFTER_SECONDS", min: 0, max: 86_400 },
  { name: "MAX_STREAMS", min: 1, max: 100_000 },
])("parseConfig() takes $name from $min to $max", TIME_LIMIT, ({ name, min, max }) => {
  for (const value of [min, max]) parse({ [name]: `${value}` });
  for (const value of [min - 1, max + 1]) {
    assertEquals(faultsOf({ [name]: `${value}` }), [
      `${name} must be an integer from ${min} to ${max}, is "${value}"`,
    ]);
  }
});

Deno.test("parseConfig() takes a prefix and a source's URLs up to their limits", TIME_LIMIT, () => {
  assertEquals(parse({ KEY_PREFIX: "x".repeat(100) }).keyPrefix.length, 100);
  assertEquals(
    parse({ OKX_URL: "http://a http://b http://c http://d http://e" }).okxUrls.length,
    5,
  );
});

Deno.test.each([
  { name: "HOST", value: ":", says: "a host name or an IP address" },
  { name: "REDIS_CA_FILE", value: " ", says: "the path of a PEM file" },
  { name: "KEY_PREFIX", value: "a b", says: "1 to 100 characters without spaces" },
  { name: "FEED", value: "x", says: `one of ${FEED_NAMES.join(", ")}` },
  { name: "LOG_LEVEL", value: "x", says: "one of debug, info, warn, error" },
  { name: "KRAKEN_URL", value: "x", says: "a URL that starts with http:// or https://" },
  {
    name: "REDIS_URL",
    value: "x",
    says:
      "a URL that starts with redis:// or rediss:// and names a host, or several separated by " +
      "commas without spaces",
  },
  {
    name: "OKX_URL",
    value: "x",
    says: "up to 5 URLs that start with http:// or https://, separated by spaces",
  },
  {
    name: "PUBLIC_URL",
    value: "x",
    says: "a URL that starts with http:// or https://, without user, query and fragment",
  },
])("parseConfig() says what $name must be", TIME_LIMIT, ({ name, value, says }) => {
  assertEquals(faultsOf({ [name]: value }), [
    `${name} must be ${says}, is ${JSON.stringify(value)}`,
  ]);
});

Deno.test.each([
  { name: "REFRESH_TOKEN", says: "letters, digits and ._~+/- as in RFC 6750" },
  { name: "HEARTBEAT_URL", says: "a URL that starts with http:// or https://" },
  { name: "WEBHOOK_SECRET", says: "whsec_ and base64 of 24 to 64 bytes" },
  {
    name: "WEBHOOK_URLS",
    says:
      "up to 20 URLs that start with http:// or https://, or with a receiver before that, such " +
      "as mattermost+https://, separated by spaces",
  },
])("parseConfig() says what $name must be, not what it is", TIME_LIMIT, ({ name, says }) => {
  assertEquals(faultsOf({ [name]: "{x}" }), [
    `${name} must be ${says}, is a value that is not shown`,
  ]);
});

Deno.test.each([
  { name: "REDIS_URL", value: "redis://user:hunter2%zz@localhost", shown: '"***@localhost"' },
  { name: "REDIS_URL", value: "redis://hunter2%:41@localhost", shown: '"***@localhost"' },
  { name: "REDIS_URL", value: "http://user:hunter2@localhost", shown: '"***@localhost"' },
  { name: "REDIS_URL", value: "redis://:hunter2@a:7000,b:7000", shown: '"***@a:7000,b:7000"' },
  { name: "REDIS_URL", value: "redis:6379?password=hunter2", shown: '"redis:6379?***"' },
  { name: "SENTIMENT_API_URL", value: "ftp://a/?key=hunter2", shown: '"ftp://a/?***"' },
  { name: "KRAKEN_URL", value: "a/?key=hunter2", shown: '"a/?***"' },
  { name: "OKX_URL", value: "http://u:hunter2@a b?key=hunter2", shown: '"***@a b?***"' },
  { name: "PUBLIC_URL", value: "hunter2@a", shown: '"***@a"' },
  { name: "PUBLIC_URL", value: "https://u:hunter2@a", shown: '"***@a"' },
  { name: "PUBLIC_URL", value: "https://a/?key=hunter2", shown: '"https://a/?***"' },
  { name: "REFRESH_TOKEN", value: "hunter 2", shown: "a value that is not shown" },
  { name: "WEBHOOK_SECRET", value: "hunter2", shown: "a value that is not shown" },
  { name: "WEBHOOK_SECRET", value: "whsec_hunter2", shown: "a value that is not shown" },
  { name: "WEBHOOK_URLS", value: "https://a/hunter2 b", shown: "a value that is not shown" },
])("parseConfig() hides what is secret in $name=$value", TIME_LIMIT, ({ name, value, shown }) => {
  const [fault = ""] = faultsOf({ [name]: value });
  assert(!fault.includes("hunter"), fault);
  assert(fault.endsWith(`, is ${shown}`), fault);
});

Deno.test("parseConfig() takes at most 20 webhooks, duplicates counted once", TIME_LIMIT, () => {
  const urls = Array.from({ length: 21 }, (_, i) => `https://a/${i}`);
  const twenty = urls.slice(0, 20);
  assertEquals(parse({ WEBHOOK_URLS: [...twenty, ...twenty].join(" ") }).webhookUrls, twenty);
  assertStringIncludes(faultsOf({ WEBHOOK_URLS: urls.join(" ") })[0] ?? "", "up to 20 URLs");
});

Deno.test.each([
  { difference: "the fragment", value: "https://a/ok https://a/ok#frag https://a/ok#" },
  { difference: "the spelling", value: "https://a/ok https://A:443/ok https://a/x/../ok" },
])("parseConfig() takes webhooks that differ only in $difference for one", TIME_LIMIT, (
  { value },
) => {
  assertEquals(parse({ WEBHOOK_URLS: value }).webhookUrls, ["https://a/ok"]);
});

Deno.test.each([
  { value: "true", isTraced: true },
  { value: "1", isTraced: true },
  { value: "false", isTraced: false },
  { value: "0", isTraced: false },
])("parseConfig() reads OTEL_DENO=$value as Deno does", TIME_LIMIT, ({ value, isTraced }) => {
  assertEquals(parse({ OTEL_DENO: value }).isTraced, isTraced);
});

Deno.test(
  "parseConfig() finds the feed frozen at SentiCrypt's public address only",
  TIME_LIMIT,
  () => {
    assertEquals(parse({}).hasFrozenFeed, true);
    assertEquals(parse({ SENTIMENT_API_URL: "http://a/" }).hasFrozenFeed, false);
    assertEquals(parse({ FEED: "live" }).hasFrozenFeed, false);
  },
);

Deno.test("findWarnings() names a missing token and a frozen feed", TIME_LIMIT, () => {
  const warnings = (environment: Record<string, string>) =>
    findWarnings(parse(environment)).map((warning) => warning.split(/ is |:/)[0]);
  assertEquals(warnings({}), ["REFRESH_TOKEN", "SentiCrypt's public data"]);
  assertEquals(warnings({ FEED: "live", REFRESH_TOKEN: "s3cret" }), []);
});

Deno.test.each([
  { host: "127.0.0.1", is: true },
  { host: "127.1.2.3", is: true },
  { host: "::1", is: true },
  { host: "localhost", is: true },
  { host: "0.0.0.0", is: false },
  { host: "::", is: false },
  { host: "127.example.com", is: false },
  { host: "192.168.1.5", is: false },
])("isLoopback() is $is for $host", TIME_LIMIT, ({ host, is }) => {
  assertEquals(isLoopback(host), is);
});
