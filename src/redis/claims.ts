import type { Clock } from "../samples/clock.ts";
import { LruMap } from "../samples/lru_map.ts";
import {
  type Client,
  COMMAND_TIMEOUT_MS,
  INTEGER_REPLY,
  OK_REPLY,
  parseReply,
  send,
  sendTransaction,
  StoreError,
  VALUE_REPLY,
} from "./command.ts";

/** Work that only one instance at a time may do. */
export type ClaimName = "tick" | "refresh";

/** The right to do such work. */
export interface Claim {
  /** Lets it end in `ms` milliseconds from now, at once if that is 0; too late, it does nothing. */
  endIn(ms: number): Promise<void>;
}

/** Parallel requests abandon several claims at once; any of them may be the one in Redis. */
const MAX_ABANDONED = 32;

/** What claims need. */
export interface ClaimsOptions {
  client: Client;
  keys: Readonly<Record<ClaimName, string>>;
  clock: Pick<Clock, "elapsed">;
}

/**
 * Decides by `SET … NX` which instance does what must be done once. Redis' clock may step, and a key may
 * lack its expiry: who is refused shortens the claim to what it can still last.
 */
export class Claims {
  readonly #options: ClaimsOptions;
  /** Owners of claims that Redis may still hold although their work has ended. */
  readonly #abandoned = new LruMap<string, ClaimName>(MAX_ABANDONED);

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /**
   * Claims `name` for `ms` milliseconds; `undefined` if another instance holds it, which it does for up to
   * `atMostMs` from now. @default ms
   */
  async take(name: ClaimName, ms: number, atMostMs: number = ms): Promise<Claim | undefined> {
    const owner = crypto.randomUUID();
    const until = this.#options.clock.elapsed() + ms;
    const holder = await this.#claimTwice(name, owner, ms) ?? owner;
    if (holder === owner) return this.#hold(name, owner, until);
    if (this.#abandoned.get(holder) === name) return await this.#takeBack(name, holder, ms);
    await send(this.#options.client, INTEGER_REPLY, [
      "PEXPIRE",
      this.#options.keys[name],
      atMostMs,
      "LT",
    ]);
    return undefined;
  }

  /** The first try may have succeeded and only its reply got lost: the owner shows it. */
  async #claimTwice(name: ClaimName, owner: string, ms: number): Promise<string | null> {
    const { client, keys } = this.#options;
    const command = ["SET", keys[name], owner, "NX", "GET", "PX", ms] as const;
    const claim = () => send(client, VALUE_REPLY, command);
    try {
      return await claim().catch((error) => {
        if (error instanceof StoreError) return claim();
        throw error;
      });
    } catch (error) {
      this.#abandoned.set(owner, name);
      throw error;
    }
  }

  /** Without this, the instance would wait until its own abandoned claim expires. */
  async #takeBack(name: ClaimName, owner: string, ms: number): Promise<Claim | undefined> {
    const { client, keys, clock } = this.#options;
    // Before anything is awaited: of two that ask, one takes it back.
    this.#abandoned.forget(owner, name);
    const until = clock.elapsed() + ms;
    try {
      const [, holder] = await sendTransaction(client, [
        ["PEXPIRE", keys[name], ms],
        // It may have expired a moment ago, and then it is another's that was renewed.
        ["GET", keys[name]],
      ]);
      const isOurs = parseReply(VALUE_REPLY, holder, "GET") === owner;
      return isOurs ? this.#hold(name, owner, until) : undefined;
    } catch (error) {
      this.#abandoned.set(owner, name);
      throw error;
    }
  }

  #hold(name: ClaimName, owner: string, until: number): Claim {
    const { keys, clock } = this.#options;
    let heldUntil = until;
    const endIn = async (ms: number): Promise<void> => {
      const now = clock.elapsed();
      // The end may arrive a command's time later: it must not hit the claim of the next owner.
      if (now > heldUntil - COMMAND_TIMEOUT_MS) return;
      heldUntil = now + ms;
      try {
        await this.#end(keys[name], ms);
      } catch (error) {
        this.#abandoned.set(owner, name);
        throw error;
      }
    };
    return { endIn };
  }

  async #end(key: string, ms: number): Promise<void> {
    const { client } = this.#options;
    if (ms <= 0) await send(client, INTEGER_REPLY, ["DEL", key]);
    else await send(client, OK_REPLY, ["SET", key, "ended", "PX", ms]);
  }
}
