import { ConfigError } from "./config.ts";

/** Returns what `run` returns; on a {@linkcode ConfigError}, prints it and ends the process with 1. */
export function orExit<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
