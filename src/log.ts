import { LOG_LEVELS, type LogLevel } from "./config.ts";
import type { Log } from "./core/ports.ts";

const LOGGER = "is-bitcoin-lit";

/**
 * Logs JSON lines to the console; errors become text, and secrets in URLs are hidden. Deno exports what the
 * console's methods write, with their severity, when OpenTelemetry is on.
 */
export function createLog(level: LogLevel): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  function writerAt(name: LogLevel): Log[LogLevel] {
    if (LOG_LEVELS.indexOf(name) < lowest) return () => {};
    return (message, fields) => console[name](toLine(name, hideSecrets(message), fields));
  }
  return {
    debug: writerAt("debug"),
    info: writerAt("info"),
    warn: writerAt("warn"),
    error: writerAt("error"),
  };
}

function toLine(level: LogLevel, message: string, fields?: Record<string, unknown>): string {
  return JSON.stringify({
    "@timestamp": new Date().toISOString(),
    level: level.toUpperCase(),
    message,
    logger: LOGGER,
    properties: plain(fields),
  });
}

function plain(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toPlain(value)]));
}

function toPlain(value: unknown): unknown {
  if (isError(value)) return describe(value);
  if (typeof value === "string") return hideSecrets(value);
  if (Array.isArray(value)) return value.map(toPlain);
  return typeof value === "object" && value !== null ? plain({ ...value }) : value;
}

/** Describes an error and its causes; their other properties may hold what was sent to Redis. */
function describe(error: Error): string {
  const { cause } = error;
  const text = hideSecrets(`${error.name}: ${error.message}`);
  return isError(cause) ? `${text}; cause: ${describe(cause)}` : text;
}

/** Hides what may be secret in URLs: user, password and query. */
function hideSecrets(text: string): string {
  return text
    .replace(/\/\/[^/\s]*@/g, "//***@")
    // To the end of the URL: a bracket or a colon behind it belongs to the sentence.
    .replace(/(\/\/[^\s?"]*)\?[^\s"]*?(?=\)?[:,;.]?(?:[\s"]|$))/g, "$1?***");
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}
