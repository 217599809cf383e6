import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, parseConfig } from "../src/config.ts";

Deno.test("parseConfig() has a default for everything but the token", () => {
  assertEquals(parseConfig({}), {
    host: "0.0.0.0",
    port: 8000,
    redisUrl: "redis://localhost:6379",
    keyPrefix: "is-bitcoin-lit",
    sentimentApiUrl: "https://api.senticrypt.com/v1/bitcoin.json",
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

Deno.test("parseConfig() reports every fault with what it must be and what it is", () => {
  const error = assertThrows(
    () =>
      parseConfig({ PORT: "http", REDIS_URL: "localhost", RETENTION_DAYS: "0", LOG_LEVEL: "loud" }),
    ConfigError,
  );
  assertEquals(error.message.split("\n"), [
    'PORT must be an integer from 0 to 65535, is "http"',
    'REDIS_URL must be a URL that starts with redis:// or rediss://, is "localhost"',
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
  { name: "SENTIMENT_API_URL", value: "ftp://example.com" },
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
