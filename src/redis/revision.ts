import {
  type Client,
  type Command,
  INTEGER_REPLY,
  OK_REPLY,
  parseReply,
  send,
  unlessRefused,
  VALUE_REPLY,
} from "./command.ts";

const UNREADABLE = /WRONGTYPE|not an integer/;

/** Far beyond any Unix time in ms: a higher number is not of this service. */
const MAX_REVISION = 999_999_999_999_999;

/** What the revision in Redis needs. */
export interface RevisionOptions {
  client: Client;
  key: string;
  /** The wall clock in Unix milliseconds. */
  now: () => number;
}

/** The replies of a transaction, and the revision of what is stored after it. */
export interface Labelled {
  readonly replies: readonly unknown[];
  readonly revision: number;
}

/**
 * The number that orders summaries. It starts at the Unix time in ms and grows by one whenever samples
 * are stored, so a key that vanished starts again above every revision that was seen before.
 */
export class Revision {
  readonly #options: RevisionOptions;
  #known = 0;
  #isUncertain = false;

  constructor(options: RevisionOptions) {
    this.#options = options;
  }

  /** The name of its key. */
  get key(): string {
    return this.#options.key;
  }

  /** Whether a transaction was sent whose outcome is unknown. */
  get isUncertain(): boolean {
    return this.#isUncertain;
  }

  /**
   * The commands that increment it, to be sent last in a transaction. A missing key is created first:
   * `INCR` alone would start at 1, and other instances would conclude that the store went back.
   */
  get increment(): readonly Command[] {
    return [["SET", this.key, this.#next(), "NX"], ["INCR", this.key]];
  }

  /**
   * Runs a transaction that ends with the increment; returns its replies, and the revision that labels
   * what is stored now. If it fails, its outcome is unknown until a later one succeeds.
   */
  async run(transaction: () => Promise<unknown[]>): Promise<Labelled> {
    // Not read later: a reader may learn of a newer revision while this transaction runs.
    const known = this.#known;
    try {
      const replies = await transaction();
      this.#isUncertain = false;
      return { replies, revision: await this.#settle(replies.at(-1), known) };
    } catch (error) {
      this.#isUncertain = true;
      throw error;
    }
  }

  /** Returns the revision of a stored value, creating the key if it is missing or unreadable. */
  async parse(value: string | null): Promise<number> {
    const revision = parseRevision(value);
    return revision === undefined ? await this.create() : this.#keep(revision);
  }

  /** Creates the key if it is missing or unreadable; returns the revision. */
  async create(): Promise<number> {
    const created = this.#next();
    const command = ["SET", this.key, created, "NX", "GET"] as const;
    const previous = await send(this.#options.client, VALUE_REPLY, command)
      .catch(unlessRefused(UNREADABLE, ""));
    if (previous === null) return this.#keep(created);
    const revision = parseRevision(previous);
    return revision === undefined ? await this.#restart() : this.#keep(revision);
  }

  async #settle(reply: unknown, known: number): Promise<number> {
    if (reply instanceof Error && UNREADABLE.test(reply.message)) return await this.#restart();
    const revision = parseReply(INTEGER_REPLY, reply, "INCR");
    // A lower number means that the store went back: it would label new summaries as old.
    const isUsable = revision > known && revision <= MAX_REVISION;
    return isUsable ? this.#keep(revision) : await this.#restart();
  }

  async #restart(): Promise<number> {
    const revision = this.#next();
    await send(this.#options.client, OK_REPLY, ["SET", this.key, revision]);
    return this.#keep(revision);
  }

  /** The Unix time in ms; above what is known even if the clock of this instance is slow. */
  #next(): number {
    const above = this.#known + 1;
    return Math.max(this.#options.now(), above > MAX_REVISION ? 0 : above);
  }

  #keep(revision: number): number {
    return this.#known = revision;
  }
}

function parseRevision(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
