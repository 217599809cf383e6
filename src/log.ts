import { configureSync, getConsoleSink, getJsonLinesFormatter, getLogger } from "@logtape/logtape";
import type { LogLevel } from "./config.ts";
import type { Log } from "./core/ports.ts";

const CATEGORY = "is-bitcoin-lit";

/** Logs JSON lines to the console; errors become text, and secrets in URLs are hidden. */
export function createLog(level: LogLevel): Log {
  configureSync({
    reset: true,
    sinks: {
      console: getConsoleSink({ formatter: getJsonLinesFormatter({ message: "rendered" }) }),
    },
    loggers: [
      { category: CATEGORY, lowestLevel: level === "warn" ? "warning" : level, sinks: ["console"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["console"] },
    ],
  });
  const logger = getLogger(CATEGORY);
  return {
    debug: (message, fields) => logger.debug(message, plain(fields)),
    info: (message, fields) => logger.info(message, plain(fields)),
    warn: (message, fields) => logger.warn(message, plain(fields)),
    error: (message, fields) => logger.error(message, plain(fields)),
  };
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
