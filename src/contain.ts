import type { Log } from "./log.ts";

/**
 * Wraps an observer, so that its failure is logged under its name and reaches no caller, whether it
 * throws or returns a promise that rejects.
 */
export function contain<Args extends readonly unknown[]>(
  name: string,
  observe: (...args: Args) => unknown,
  log: Pick<Log, "error">,
): (...args: Args) => void {
  let failures = 0;
  return shield(observe, (error) => {
    failures++;
    // One that fails at every request would fill the log: its 1st, 2nd, 4th, 8th … failure is enough.
    if (!Number.isInteger(Math.log2(failures))) return;
    log.error("an observer failed", { observer: name, failures, error });
  });
}

/** Wraps a log, so that an event that it can't log costs a line that says so, and no caller. */
export function guardLog(log: Log): Log {
  // A log that can't even log this has no other place to report to.
  const report = shield((message: string, fields: Record<string, unknown>) => {
    return log.error(message, fields);
  }, () => {});
  function guard(level: keyof Log): Log[typeof level] {
    return shield(
      (message, fields) => log[level](message, fields),
      (error, [event]) => report("an event can't be logged", { event, error }),
    );
  }
  return {
    debug: guard("debug"),
    info: guard("info"),
    warn: guard("warn"),
    error: guard("error"),
  };
}

function shield<Args extends readonly unknown[]>(
  call: (...args: Args) => unknown,
  onFailure: (error: unknown, args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      const result = call(...args);
      if (result instanceof Promise) result.catch((error) => onFailure(error, args));
    } catch (error) {
      onFailure(error, args);
    }
  };
}
