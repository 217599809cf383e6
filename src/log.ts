import { LOG_LEVELS, type LogLevel } from "./config.ts";
import { guardLog } from "./core/contain.ts";
import type { Log } from "./core/ports.ts";

const LOGGER = "is-bitcoin-lit";

type Fields = Record<string, unknown>;

type Format = (level: LogLevel, message: string, fields: Fields) => string;

/**
 * Logs to the console: text for people in a terminal, JSON lines elsewhere. Errors become text, and
 * secrets in URLs are hidden. Deno exports what the console's methods write, with their severity, when
 * OpenTelemetry is on.
 */
export function createLog(level: LogLevel, isTerminal: boolean = Deno.stdout.isTerminal()): Log {
  const format: Format = isTerminal ? formatText : formatJson;
  const lowest = LOG_LEVELS.indexOf(level);
  function writerAt(name: LogLevel): Log[LogLevel] {
    if (LOG_LEVELS.indexOf(name) < lowest) return () => {};
    return (message, fields) => console[name](format(name, hideSecrets(message), plain(fields)));
  }
  return guardLog({
    debug: writerAt("debug"),
    info: writerAt("info"),
    warn: writerAt("warn"),
    error: writerAt("error"),
  });
}

function formatJson(level: LogLevel, message: string, properties: Fields): string {
  const timestamp = new Date().toISOString();
  const name = level.toUpperCase();
  return JSON.stringify({
    "@timestamp": timestamp,
    level: name,
    message,
    logger: LOGGER,
    properties,
  });
}

function formatText(level: LogLevel, message: string, fields: Fields): string {
  const time = new Date().toTimeString().slice(0, 8);
  const texts = Object.entries(fields).map(([name, value]) =>
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return [time, level.padEnd(5), message, ...texts].join(" ");
}

function plain(fields: Fields = {}): Fields {
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
