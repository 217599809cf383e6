import { deadline } from "@std/async/deadline";
import { StoreError } from "../core/errors.ts";

// With the time of the answer itself, a client waits less than 2.5 s however many commands it takes.
const DEADLINE_MS = 2_000;

/**
 * Waits for something that needs the store, for at most `ms` milliseconds.
 *
 * @throws {StoreError} when the time is over
 */
export async function withStoreDeadline<T>(
  waiting: Promise<T>,
  ms: number = DEADLINE_MS,
): Promise<T> {
  try {
    return await deadline(waiting, ms);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new StoreError("The store took too long", { cause: error });
  }
}
