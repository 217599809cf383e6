import { measureWait } from "./bystander.ts";

/** The answers to concurrent readers. */
export interface Tally {
  /** Answers with a summary that is true. */
  readonly summaries: number;
  /** Answers without a summary: 503 with a problem. */
  readonly unavailable: number;
  /** Everything else, as text. */
  readonly wrong: readonly string[];
  /** Answers that took longer than promised. */
  readonly slow: number;
  /** The longest wait for an answer. */
  readonly slowestMs: number;
}

/** What reading needs. */
export interface ReadersOptions {
  /** Where the service listens. */
  url: string;
  /** The bodies that are true, whichever is read. */
  truth: () => readonly string[];
  /** @default 4 */
  readers?: number;
}

/** How long a client waits for an answer at most. */
export const PROMISED_MS = 2_500;

// An answer that never comes must not hold a test until its time limit.
const PATIENCE_MS = 20_000;
const PAUSE_MS = 40;

/** Several clients that read the summary until they are stopped. */
export class Readers {
  readonly #options: ReadersOptions;
  readonly #running: Promise<void[]>;
  readonly #wrong: string[] = [];
  #summaries = 0;
  #unavailable = 0;
  #slow = 0;
  #slowestMs = 0;
  #stopped = false;

  constructor(options: ReadersOptions) {
    this.#options = options;
    const { readers = 4 } = options;
    this.#running = Promise.all(Array.from({ length: readers }, () => this.#readOn()));
  }

  /** What was answered so far. */
  get tally(): Tally {
    return {
      summaries: this.#summaries,
      unavailable: this.#unavailable,
      wrong: [...this.#wrong],
      slow: this.#slow,
      slowestMs: this.#slowestMs,
    };
  }

  /** Waits for the last answers. */
  async stop(): Promise<Tally> {
    this.#stopped = true;
    await this.#running;
    return this.tally;
  }

  async #readOn(): Promise<void> {
    while (!this.#stopped) {
      const { ms } = await measureWait(() =>
        this.#read().catch((error) => this.#wrong.push(String(error)))
      );
      if (ms > PROMISED_MS) this.#slow++;
      this.#slowestMs = Math.max(this.#slowestMs, ms);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #read(): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${this.#options.url}/is-bitcoin-lit`, { signal });
    const body = await response.text();
    const type = response.headers.get("content-type");
    if (response.status === 200 && this.#options.truth().includes(body)) this.#summaries++;
    else if (response.status === 503 && type === "application/problem+json") this.#unavailable++;
    else this.#wrong.push(`${response.status} ${body}`);
  }
}
