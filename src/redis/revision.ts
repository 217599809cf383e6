import { type Client, type Command, parseReply, send, unlessRefused } from "./command.ts";
import { INTEGER_REPLY, OK_REPLY, VALUE_REPLY } from "./replies.ts";

const UNREADABLE = /WRONGTYPE|not an integer/;

/** What the revision in Redis needs. */
export interface RevisionOptions {
  client: Client;
  key: string;
  /** The wall clock in Unix milliseconds. */
  now: () => number;
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

  /** The command that increments it, to be sent with what it labels. */
  get increment(): Command {
    return ["INCR", this.key];
  }

  /** Runs a transaction; until its reply arrives, its outcome counts as unknown. */
  async duringTransaction<T>(run: () => Promise<T>): Promise<T> {
    this.#isUncertain = true;
    const result = await run();
    this.#isUncertain = false;
    return result;
  }

  /** Returns the revision after an increment, from the reply to it. */
  async settle(reply: unknown): Promise<number> {
    if (reply instanceof Error && UNREADABLE.test(reply.message)) return await this.#restart();
    const revision = parseReply(INTEGER_REPLY, reply, "INCR");
    // A lower number means that the key had vanished: it would label older summaries as newer.
    return revision > this.#known ? this.#keep(revision) : await this.#restart();
  }

  /** Returns the revision of a stored value, creating the key if it is missing or unreadable. */
  async parse(value: string | null): Promise<number> {
    const revision = parseRevision(value);
    return revision === undefined ? await this.create() : this.#keep(revision);
  }

  /** Creates the key if it is missing or unreadable; returns the revision. */
  async create(): Promise<number> {
    const { client, now } = this.#options;
    const created = now();
    const command = ["SET", this.key, created, "NX", "GET"] as const;
    const previous = await send(client, VALUE_REPLY, command).catch(unlessRefused(UNREADABLE, ""));
    if (previous === null) return this.#keep(created);
    const revision = parseRevision(previous);
    return revision === undefined ? await this.#restart() : this.#keep(revision);
  }

  async #restart(): Promise<number> {
    const { client, now } = this.#options;
    const revision = now();
    await send(client, OK_REPLY, ["SET", this.key, revision]);
    return this.#keep(revision);
  }

  #keep(revision: number): number {
    return this.#known = revision;
  }
}

function parseRevision(value: string | null): number | undefined {
  const revision = value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  return revision;
}
