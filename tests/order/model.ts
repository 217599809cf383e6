import { NoDataError } from "../../src/summary/load.ts";
import { StoreError } from "../../src/redis/command.ts";
import { parseSummary } from "../../src/summary/cache.ts";
import { NOW } from "../helpers/samples.ts";
import { ModelChecks } from "./model_checks.ts";
import { createModelInstance, HOUR, KEYS, type ModelInstance } from "./model_instance.ts";
import { ModelStore } from "./model_store.ts";
import { createRandom, Scheduler } from "./scheduler.ts";
import type { RevisedSummary } from "../../src/summary/wire.ts";

/** What goes wrong during a run. */
export type Trouble = "nothing" | "lost replies" | "vanished revision" | "emptied" | "restored";

const MINUTE_MS = 60_000;

/** The key was created a minute ago, by an instance whose clock is ten minutes fast. */
const YOUNG_REVISION = NOW + 9 * MINUTE_MS;

// A key that vanished soon after its creation can be created with a lower value: clocks differ.
const OLD_REVISION = NOW - 60 * MINUTE_MS;
const MAX_PAUSE_MS = 3_000;
const READ_EVERY_MS = 2_500;

/** Two writers, a reader that fills the cache, and one that mostly receives announcements. */
const PLANS = [
  { name: "first writer", refreshes: 2, reads: 0, skewMs: 10 * MINUTE_MS },
  { name: "second writer", refreshes: 1, reads: 1, skewMs: -10 * MINUTE_MS },
  { name: "reader", refreshes: 0, reads: 3, skewMs: 0 },
  { name: "listener", refreshes: 0, reads: 2, skewMs: 0 },
];

/**
 * Instances on one store, every step in an order that the seed decides. It checks that none goes back,
 * that no revision labels something older, and that all end with what is stored.
 */
export class Model {
  readonly #random: () => number;
  readonly #store = new ModelStore();
  readonly #scheduler: Scheduler;
  readonly #instances: ModelInstance[];
  readonly #trouble: Trouble;
  readonly #firstRevision: number;
  readonly #checks: ModelChecks;
  #samples = 1;

  constructor(seed: number, trouble: Trouble) {
    this.#random = createRandom(seed);
    this.#scheduler = new Scheduler(this.#random);
    this.#checks = new ModelChecks(this.#store);
    this.#trouble = trouble;
    this.#firstRevision = trouble === "vanished revision" ? OLD_REVISION : YOUNG_REVISION;
    this.#fill();
    this.#store.onPublish = (text) => this.#deliver(text);
    this.#instances = PLANS.map((plan) =>
      createModelInstance({
        ...plan,
        store: this.#store,
        scheduler: this.#scheduler,
        isLost: () => this.#lose(),
        onExecuted: () => this.#checks.label(),
      })
    );
  }

  /** Runs everything; returns what went wrong and the steps that led to it. */
  async run(): Promise<string | undefined> {
    for (const [i, instance] of this.#instances.entries()) {
      await instance.start(this.#firstRevision);
      this.#checks.watch(instance);
      this.#plan(instance, PLANS[i]?.refreshes ?? 0, PLANS[i]?.reads ?? 0);
    }
    this.#planTrouble();
    await this.#scheduler.run();
    await this.#converge();
    const { faults } = this.#checks;
    return faults.length > 0 ? [...this.#scheduler.trace, ...faults].join("\n") : undefined;
  }

  #fill(): void {
    for (const key of Object.values(KEYS.series)) {
      this.#store.execute(["TS.CREATE", key]);
      this.#store.execute(["TS.MADD", key, HOUR + 1, 1]);
    }
    this.#store.execute(["SET", KEYS.revision, this.#firstRevision]);
    this.#checks.label();
  }

  /** Every instance receives every message, each at its own time. */
  #deliver(text: string): void {
    const summary = parseSummary(text);
    if (summary === undefined) throw new TypeError(`An unreadable message was sent: ${text}`);
    for (const { name, summaries } of this.#instances) {
      this.#scheduler.add(`${name} receives a message`, () => summaries.receive(summary));
    }
  }

  #lose(): "reply" | "request" | undefined {
    if (this.#trouble !== "lost replies" || this.#random() < 0.5) return undefined;
    return this.#random() < 0.5 ? "reply" : "request";
  }

  /** Each instance does one thing after the other, with pauses. */
  #plan(instance: ModelInstance, refreshes: number, reads: number): void {
    const actions = [
      ...Array.from({ length: refreshes }, () => () => instance.refresh(++this.#samples)),
      ...Array.from(
        { length: reads },
        () => async () => void await instance.summaries.read((it) => it),
      ),
    ];
    const next = () => {
      const action = actions.shift();
      if (action === undefined) return;
      this.#scheduler.add(`${instance.name} acts`, () => {
        instance.clock.advance(Math.floor(this.#random() * MAX_PAUSE_MS));
        action().catch(ignoreExpected).then(next);
      });
    };
    next();
  }

  #planTrouble(): void {
    const trouble = this.#trouble;
    if (trouble === "vanished revision") {
      this.#scheduler.add("the revision vanishes", () => this.#store.remove(KEYS.revision));
    } else if (trouble === "emptied") {
      this.#scheduler.add("the store is emptied", () => {
        this.#checks.wentBack = true;
        this.#store.flush();
      });
    } else if (trouble === "restored") {
      this.#scheduler.add("a backup is made", () => {
        const restore = this.#store.backUp();
        this.#scheduler.add("the backup is restored", () => {
          this.#checks.wentBack = true;
          restore();
        });
      });
    }
  }

  /** After 5 s with a read every 2.5 s, each instance must return what is stored. */
  async #converge(): Promise<void> {
    if (this.#trouble === "emptied") await this.#refill();
    for (const instance of this.#instances) {
      await this.#read(instance);
      this.#checks.expectTruth(instance.name, await this.#read(instance));
    }
    this.#checks.expectTrueCache();
  }

  async #read({ clock, summaries }: ModelInstance): Promise<RevisedSummary> {
    clock.advance(READ_EVERY_MS);
    const reading = Promise.resolve(summaries.read((it) => it));
    await this.#scheduler.run();
    return await reading;
  }

  async #refill(): Promise<void> {
    const [writer] = this.#instances;
    const refilling = writer?.refresh(++this.#samples);
    await this.#scheduler.run();
    await refilling;
  }
}

function ignoreExpected(error: unknown): void {
  if (!(error instanceof StoreError || error instanceof NoDataError)) throw error;
}
