import { assert } from "@std/assert";

const STEP_MS = 20;

/** A step that comes later than this was delayed by the machine or by the tests beside this one. */
const MAX_STEP_MS = 30;

const bystander = { users: 0, elapsedMs: 0, lastStep: 0 };

let timer: ReturnType<typeof setInterval> | undefined;

/** Work that has ended. */
export interface Waited<T> {
  readonly value: T;
  /** How long a bystander waited for it, in milliseconds. */
  readonly ms: number;
}

/**
 * Measures how long `work` takes with a control: a bystander in this process, who takes steps of 20 ms. On a
 * quiet machine that is the time. On a busy one the bystander's steps are late as well, and late steps
 * count for 30 ms at most, so a promise about waiting is not broken by what runs beside the test.
 */
export async function measureWait<T>(work: () => T | Promise<T>): Promise<Waited<T>> {
  if (bystander.users++ === 0) {
    bystander.lastStep = performance.now();
    timer = setInterval(step, STEP_MS);
  }
  try {
    step();
    const start = bystander.elapsedMs;
    const value = await work();
    step();
    return { value, ms: bystander.elapsedMs - start };
  } finally {
    if (--bystander.users === 0) clearInterval(timer);
  }
}

/** Runs `work`, for which a bystander must wait less than `maxMs` milliseconds. */
export async function assertWithin<T>(maxMs: number, work: () => T | Promise<T>): Promise<T> {
  const { value, ms } = await measureWait(work);
  assert(ms < maxMs, `it took ${ms} ms, not less than ${maxMs} ms`);
  return value;
}

function step(): void {
  const now = performance.now();
  bystander.elapsedMs += Math.min(now - bystander.lastStep, MAX_STEP_MS);
  bystander.lastStep = now;
}
