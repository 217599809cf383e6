import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, parseConfig } from "../src/config.ts";

Deno.test("parseConfig() has a default for everything but the token", () => {
  assertEquals(parseConfig({}), {
    host: "0.0.0.0",
    port: 8000,
    redisUrl: "redis://localhost:6379",
    redisCaFile: undefined,
    keyPrefix: "is-bitcoin-lit",
    feed: "senticrypt",
    sentimentApiUrl: "https://api.senticrypt.com/v1/bitcoin.json",
    krakenUrl: "https://api.kraken.com/0/public/OHLC?pair=XBTUSD&interval=1",
    okxUrl:
      "https://www.okx.com/api/v5/rubik/stat/contracts/long-short-account-ratio?ccy=BTC&period=5m",
    refreshToken: undefined,
    refreshMinIntervalMs: 5_000,
    retentionMs: 30 * 86_400_000,
    staleAfterMs: 900_000,
    logLevel: "info",
  });
});

Deno.test("parseConfig() takes what is given, and an empty variable as unset", () => {
  const config = parseConfig({ PORT: "80", REFRESH_TOKEN: "", LOG_LEVEL: "warn", HOME: "/" });
  assertEquals([config.port, config.refreshToken, config.logLevel], [80, undefined, "warn"]);
});

Deno.test("parseConfig() gives the live feed, whose sentiment is older, longer to become stale", () => {
  const live = parseConfig({ FEED: "live" });
  const told = parseConfig({ FEED: "live", STALE_AFTER_SECONDS: "900" });
  assertEquals([live.feed, live.staleAfterMs, told.staleAfterMs], ["live", 1_200_000, 900_000]);
});

Deno.test("parseConfig() takes several Redis URLs as a cluster, whose keys need a hash tag", () => {
  const cluster = { REDIS_URL: "redis://a:7000,redis://b:7000" };
  assertEquals(parseConfig(cluster).keyPrefix, "{is-bitcoin-lit}");
  assertEquals(parseConfig({ ...cluster, KEY_PREFIX: "x:{lit}" }).keyPrefix, "x:{lit}");
  for (const prefix of ["is-bitcoin-lit", "{}{lit}", "lit}{", "{lit} x"]) {
    const error = assertThrows(
      () => parseConfig({ ...cluster, KEY_PREFIX: prefix }),
      ConfigError,
    );
    assertStringIncludes(error.message, "KEY_PREFIX must be");
    assertStringIncludes(error.message, "a hash tag such as {is-bitcoin-lit}");
  }
});

Deno.test("parseConfig() reports a cluster with one URL that is none", () => {
  const urls = "redis://:secret@a:7000,b:7000";
  const error = assertThrows(() => parseConfig({ REDIS_URL: urls }), ConfigError);
  assertStringIncludes(error.message, "REDIS_URL must be");
  assert(!error.message.includes("secret"));
});

Deno.test("parseConfig() names the feeds there are", () => {
  const error = assertThrows(() => parseConfig({ FEED: "toString" }), ConfigError);
  assertEquals(error.message, 'FEED must be one of senticrypt, live, is "toString"');
});

Deno.test("parseConfig() reports every fault with what it must be and what it is", () => {
  const error = assertThrows(
    () =>
      parseConfig({ PORT: "http", REDIS_URL: "localhost", RETENTION_DAYS: "0", LOG_LEVEL: "loud" }),
    ConfigError,
  );
  assertEquals(error.message.split("\n"), [
    'PORT must be an integer from 0 to 65535, is "http"',
    'REDIS_URL must be a URL that starts with redis:// or rediss://, or several with commas between, is "localhost"',
    'RETENTION_DAYS must be an integer from 1 to 3650, is "0"',
    'LOG_LEVEL must be one of debug, info, warn, error, is "loud"',
  ]);
});

Deno.test.each([
  { name: "PORT", value: "65536" },
  { name: "PORT", value: "-1" },
  { name: "PORT", value: "8e3" },
  { name: "HOST", value: "http://localhost" },
  { name: "KEY_PREFIX", value: "a b" },
  { name: "REDIS_URL", value: "http://localhost" },
  { name: "FEED", value: "Live" },
  { name: "SENTIMENT_API_URL", value: "ftp://example.com" },
  { name: "KRAKEN_URL", value: "api.kraken.com" },
  { name: "OKX_URL", value: "okx" },
  { name: "STALE_AFTER_SECONDS", value: "soon" },
  { name: "REFRESH_MIN_INTERVAL_SECONDS", value: "1.5" },
])("parseConfig() refuses $name=$value", ({ name, value }) => {
  const error = assertThrows(() => parseConfig({ [name]: value }), ConfigError);
  assertStringIncludes(error.message, `${name} must be `);
  assertStringIncludes(error.message, JSON.stringify(value));
});

Deno.test("parseConfig() hides secrets in its faults", () => {
  const environment = { REFRESH_TOKEN: "hunter 2", REDIS_URL: "http://user:hunter2@localhost" };
  const error = assertThrows(() => parseConfig(environment), ConfigError);
  assert(!error.message.includes("hunter"), error.message);
  assertStringIncludes(error.message, '"***@localhost"');
});
