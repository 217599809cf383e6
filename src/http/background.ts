import type { Log } from "../log.ts";

/** Holds the work that goes on after an answer, so that a shutdown can wait for it. */
export class Background {
  readonly #running = new Set<Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Runs a task; its failure is logged. */
  run(name: string, task: () => Promise<unknown>): void {
    const running: Promise<void> = this.#guard(name, task)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until nothing runs, tasks included that are started meanwhile. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #guard(name: string, task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#log.warn("background task failed", { task: name, error });
    }
  }
}
