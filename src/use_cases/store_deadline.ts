import { deadline } from "@std/async/deadline";
import { StoreError } from "../core/errors.ts";

/**
 * Waits for something that needs the store, for at most `ms` milliseconds.
 *
 * @throws {StoreError} when the time is over
 */
export async function withStoreDeadline<T>(waiting: Promise<T>, ms: number): Promise<T> {
  try {
    return await deadline(waiting, ms);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new StoreError("The store took too long", { cause: error });
  }
}
