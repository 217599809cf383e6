import { type Rig, startRig, warmUp } from "./rig.ts";

/** One fault to endure, named after the row of the promise that it tests. */
export interface Row {
  readonly name: string;
  readonly ignore?: boolean;
  readonly endure: (lane: Lane) => Promise<void>;
}

/** Endures rows one after the other, with one process unless a row needs its own. */
export class Lane implements AsyncDisposable {
  #rig: Rig | undefined;

  /** The process that has endured what came before, with a summary to give out. */
  async rig(): Promise<Rig> {
    this.#rig ??= await startRig();
    await warmUp(this.#rig);
    return this.#rig;
  }

  /** Endures one row; after a failure the next has a process of its own. */
  async endure({ endure }: Row): Promise<void> {
    try {
      await endure(this);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const rig = this.#rig;
    this.#rig = undefined;
    await rig?.[Symbol.asyncDispose]();
  }
}
