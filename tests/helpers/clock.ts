import type { Clock } from "../../src/samples/clock.ts";
import { NOW } from "./samples.ts";

/** A clock that only the test moves; its wall clock may be wrong or step back. */
export interface TestClock extends Clock {
  /** By how much the wall clock is wrong, in milliseconds. */
  skewMs: number;
  /** What a wall clock that is right shows, in Unix milliseconds. */
  trueNow(): number;
  /** Lets time pass. */
  advance(ms: number): void;
}

/** The process has run for a while: a duration that adds two moments then shows. */
const STARTED_MS = 7_654_321;

/** Creates a clock that starts at {@linkcode NOW}. */
export function createTestClock(skewMs = 0): TestClock {
  let elapsed = 0;
  return {
    skewMs,
    now() {
      return this.trueNow() + this.skewMs;
    },
    trueNow: () => NOW + elapsed,
    elapsed: () => STARTED_MS + elapsed,
    advance(ms) {
      elapsed += ms;
    },
  };
}
