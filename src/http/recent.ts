import type { Clock } from "../samples/clock.ts";

const MAX_AGE_MS = 1_000;

/**
 * Returns what `load` last returned, at most a second old, failures included: a flood of requests
 * costs one load a second.
 */
export function createRecent<T>(load: () => Promise<T>, clock: Clock): () => Promise<T> {
  let last: { readonly value: Promise<T>; endedAt: number } | undefined;
  return () => {
    if (last !== undefined && clock.elapsed() - last.endedAt < MAX_AGE_MS) return last.value;
    const loading = { value: load(), endedAt: Infinity };
    const end = () => {
      loading.endedAt = clock.elapsed();
    };
    loading.value.then(end, end);
    last = loading;
    return loading.value;
  };
}
