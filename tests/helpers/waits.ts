/** How long something waits, in milliseconds each. */
export interface Waits extends Disposable {
  /** Of `AbortSignal.timeout()`. */
  readonly limits: readonly number[];
  /** Of `setTimeout()`. */
  readonly timers: readonly number[];
  /** Of `setInterval()`. */
  readonly intervals: readonly number[];
}

/** Writes down every wait that begins until it is disposed of. */
export function recordWaits(): Waits {
  const { setTimeout, setInterval } = globalThis;
  const { timeout } = AbortSignal;
  const waits = { limits: [] as number[], timers: [] as number[], intervals: [] as number[] };
  AbortSignal.timeout = (ms) => {
    waits.limits.push(ms);
    return timeout.call(AbortSignal, ms);
  };
  Object.assign(globalThis, {
    setTimeout: (...args: Parameters<typeof setTimeout>) => {
      waits.timers.push(args[1] ?? 0);
      return setTimeout(...args);
    },
    setInterval: (...args: Parameters<typeof setInterval>) => {
      waits.intervals.push(args[1] ?? 0);
      return setInterval(...args);
    },
  });
  return {
    ...waits,
    [Symbol.dispose]() {
      AbortSignal.timeout = timeout;
      Object.assign(globalThis, { setTimeout, setInterval });
    },
  };
}
