import { StoreError } from "../core/errors.ts";
import { LruMap } from "../core/lru_map.ts";
import type { ClaimName, Claims } from "../core/ports.ts";
import { type Client, send } from "./command.ts";
import { INTEGER_REPLY, OK_REPLY, VALUE_REPLY } from "./replies.ts";

/** Parallel requests abandon several claims at once; any of them may be the one in Redis. */
const MAX_ABANDONED = 32;

/** Decides by `SET … NX` which instance does what must be done once. */
export class RedisClaims implements Claims {
  readonly #client: Client;
  readonly #keys: Readonly<Record<ClaimName, string>>;
  readonly #held = new Map<ClaimName, string>();
  /** Owners of claims that Redis may still hold although their work has ended. */
  readonly #abandoned = new LruMap<string, ClaimName>(MAX_ABANDONED);

  constructor(client: Client, keys: Readonly<Record<ClaimName, string>>) {
    this.#client = client;
    this.#keys = keys;
  }

  async take(name: ClaimName, ms: number): Promise<boolean> {
    const owner = crypto.randomUUID();
    const holder = await this.#claimTwice(name, owner, ms) ?? owner;
    if (holder !== owner && !this.#takeBack(name, holder)) return false;
    this.#held.set(name, holder);
    return true;
  }

  async endIn(name: ClaimName, ms: number): Promise<void> {
    const owner = this.#held.get(name);
    try {
      await this.#end(this.#keys[name], ms);
    } catch (error) {
      if (owner !== undefined) this.#abandoned.set(owner, name);
      throw error;
    }
  }

  /** The first try may have succeeded and only its reply got lost: the owner shows it. */
  async #claimTwice(name: ClaimName, owner: string, ms: number): Promise<string | null> {
    const claim = () => this.#claim(name, owner, ms);
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
  #takeBack(name: ClaimName, holder: string): boolean {
    const isAbandoned = this.#abandoned.get(holder) === name;
    this.#abandoned.forget(holder, name);
    return isAbandoned;
  }

  async #end(key: string, ms: number): Promise<void> {
    if (ms <= 0) await send(this.#client, INTEGER_REPLY, ["DEL", key]);
    else await send(this.#client, OK_REPLY, ["SET", key, "ended", "PX", ms]);
  }

  #claim(name: ClaimName, owner: string, ms: number): Promise<string | null> {
    const command = ["SET", this.#keys[name], owner, "NX", "GET", "PX", ms] as const;
    return send(this.#client, VALUE_REPLY, command);
  }
}
