import { guardLog } from "./contain.ts";

/** Others may have written an error's text, so log and problems show no more of it. */
const MAX_CHARACTERS = 500;

/** Shortens an error's text to at most 500 characters. */
export function shorten(text: string): string {
  return text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1)}…`;
}

/** Logs events, with fields that help to understand them. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const LOGGER = "is-bitcoin-lit";

// What is logged may come from a source or from Redis: megabytes, or thousands of levels.
const MAX_DEPTH = 4;

const MAX_PARTS = 20;

const MAX_CAUSES = 5;

type Fields = Record<string, unknown>;

type Format = (level: LogLevel, message: string, fields: Fields) => string;

/** The codes of a terminal's colours. */
const COLOURS: Readonly<Record<LogLevel | "dim", number>> = {
  debug: 35,
  info: 32,
  warn: 33,
  error: 31,
  dim: 90,
};

/**
 * Logs to the console: text for people in a terminal of so many columns, JSON lines elsewhere. Errors
 * become text, at the level `error` with their stack; texts have at most 500 characters, and secrets in
 * URLs are hidden. Deno exports what the console's methods write, with their severity, when
 * OpenTelemetry is on.
 */
export function createLog(level: LogLevel, columns: number | undefined = terminalColumns()): Log {
  const format: Format = columns === undefined ? formatJson : createTextFormat(columns);
  const lowest = LOG_LEVELS.indexOf(level);
  function writerAt(name: LogLevel): Log[LogLevel] {
    if (LOG_LEVELS.indexOf(name) < lowest) return () => {};
    return (message, fields = {}) => {
      const complete = name === "error" ? addStack(fields) : fields;
      console[name](format(name, hideSecrets(message), plain(complete, MAX_DEPTH)));
    };
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

function terminalColumns(): number | undefined {
  if (!Deno.stdout.isTerminal()) return undefined;
  // A terminal that has no size reports 0.
  return Deno.consoleSize().columns || Infinity;
}

/** Zeros are left out, times shortened, and what is no warning gets one line. */
function createTextFormat(columns: number): Format {
  return (level, message, fields) => {
    const time = new Date().toTimeString().slice(0, 8);
    const label = level.padEnd(5);
    const texts = Object.entries(fields).filter(([, value]) => value !== 0)
      .map(([name, value]) => ` ${name}=${formatValue(value)}`);
    const room = level === "info" || level === "debug"
      ? Math.max(0, columns - `${time} ${label} ${message}`.length)
      : Infinity;
    const details = texts.join("");
    const short = details.length > room ? `${details.slice(0, Math.max(0, room - 1))}…` : details;
    return `${paint("dim", time)} ${paint(level, label)} ${message}${paint("dim", short)}`;
  };
}

function formatValue(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return value.replace(/^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d{3}Z$/, "$1Z");
}

function paint(colour: LogLevel | "dim", text: string): string {
  return Deno.noColor || text === "" ? text : `\x1b[${COLOURS[colour]}m${text}\x1b[0m`;
}

/** Adds where an error that was not foreseen came from; without its text, which may be long. */
function addStack(fields: Fields): Fields {
  const { error } = fields;
  if (!isError(error)) return fields;
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  return { ...fields, stack: frames.map((line) => line.trim()) };
}

function plain(fields: object, depth: number): Fields {
  const parts = Object.entries(fields).slice(0, MAX_PARTS);
  return Object.fromEntries(parts.map(([name, value]) => [name, toPlain(value, depth)]));
}

function toPlain(value: unknown, depth: number): unknown {
  if (isError(value)) return describe(value);
  if (typeof value === "string") return hideSecrets(value);
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (!Array.isArray(value)) return plain(value, depth - 1);
  return value.slice(0, MAX_PARTS).map((part) => toPlain(part, depth - 1));
}

/** Describes an error and its causes; their other properties may hold what was sent to Redis. */
function describe(error: Error): string {
  const texts: string[] = [];
  for (let cause: unknown = error; texts.length < MAX_CAUSES; cause = cause.cause) {
    if (isError(cause)) texts.push(`${cause.name}: ${cause.message}`);
    else if (typeof cause === "string") texts.push(cause);
    if (!isError(cause)) break;
  }
  return hideSecrets(texts.join("; cause: "));
}

/** Shortens a text, and hides what may be secret in its URLs: user, password and query. */
function hideSecrets(text: string): string {
  const short = shorten(text);
  // A URL that is cut off may have lost the "@" that shows its password.
  const whole = short === text ? text : short.replace(/\/\/[^/\s]*$/, "//***…");
  const hidden = whole
    .replace(/\/\/[^/\s]*@/g, "//***@")
    // To the end of the URL: a bracket or a colon behind it belongs to the sentence.
    .replace(/(\/\/[^\s?"]*)\?[^\s"]*?(?=\)?[:,;.]?(?:[\s"]|$))/g, "$1?***");
  return shorten(hidden);
}

/** Hides the same in one value, which may be no URL: what is before its last `@` or behind a `?`. */
export function hideSecretsOfValue(value: string): string {
  return value.replace(/^.*@/s, "***@").replace(/\?.*$/s, "?***");
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}

/** How much is logged, from most to least. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@linkcode LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];
