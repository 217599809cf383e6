import type { Log } from "../../src/log.ts";

/** A log that keeps its lines. */
export interface KeptLog extends Log {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[];
}

/** Creates a log whose lines a test can read. */
export function keepLog(): KeptLog {
  const lines: KeptLog["lines"] = [];
  function keep(level: string) {
    return (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, message, fields });
    };
  }
  return {
    lines,
    debug: keep("debug"),
    info: keep("info"),
    warn: keep("warn"),
    error: keep("error"),
  };
}
