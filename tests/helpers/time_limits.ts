/** The time limits that requests were given, in milliseconds. */
export interface TimeLimits extends Disposable {
  readonly ms: readonly number[];
}

/** Writes down every `AbortSignal.timeout()` until it is disposed of. */
export function recordTimeLimits(): TimeLimits {
  const { timeout } = AbortSignal;
  const ms: number[] = [];
  AbortSignal.timeout = (limit) => {
    ms.push(limit);
    return timeout.call(AbortSignal, limit);
  };
  return {
    ms,
    [Symbol.dispose]() {
      AbortSignal.timeout = timeout;
    },
  };
}
