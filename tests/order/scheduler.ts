/** Returns numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Enough for most chains of promises between two steps; what is left runs after the next step. */
const MICROTASKS_PER_STEP = 16;

/** Longer than any chain of promises. */
const MICROTASKS_AT_END = 100;

/** One in so many steps is late: many others run before it. */
const LATE_SHARE = 0.2;
const LATE_WEIGHT = 0.03;

interface Step {
  readonly name: string;
  readonly weight: number;
  run(): void;
}

/** Runs steps that are ready, one at a time, in an order that the seed decides. */
export class Scheduler {
  readonly #random: () => number;
  readonly #steps: Step[] = [];
  /** The names of the steps that ran, in their order. */
  readonly trace: string[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Makes a step ready; it runs at any time from now on. */
  add(name: string, run: () => void): void {
    const weight = this.#random() < LATE_SHARE ? LATE_WEIGHT : 1;
    this.#steps.push({ name, weight, run });
  }

  /** Runs steps until none is ready. */
  async run(): Promise<void> {
    await settle(MICROTASKS_AT_END);
    while (this.#steps.length > 0) {
      const step = this.#take();
      this.trace.push(step.name);
      step.run();
      await settle(MICROTASKS_PER_STEP);
      if (this.#steps.length === 0) await settle(MICROTASKS_AT_END);
    }
  }

  #take(): Step {
    const total = this.#steps.reduce((sum, { weight }) => sum + weight, 0);
    let rest = this.#random() * total;
    const found = this.#steps.findIndex(({ weight }) => (rest -= weight) < 0);
    const [step] = this.#steps.splice(found < 0 ? this.#steps.length - 1 : found, 1);
    if (step === undefined) throw new RangeError("No step is ready");
    return step;
  }
}

async function settle(microtasks: number): Promise<void> {
  for (let i = 0; i < microtasks; i++) await undefined;
}
