const DEADLINE_MS = 30_000;
const PAUSE_MS = 5;

/**
 * Waits until `check` returns something other than `undefined` or `false`, and returns that.
 *
 * @throws {Error} with what the last try said, when it does not happen in 30 s
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + DEADLINE_MS;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value as Exclude<T, false | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`It did not happen within ${DEADLINE_MS} ms, last: ${last}`);
}
