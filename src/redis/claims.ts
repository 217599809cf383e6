import { StoreError } from "../core/errors.ts";
import type { ClaimName, Claims } from "../core/ports.ts";
import { type Client, send } from "./command.ts";
import { INTEGER_REPLY, OK_REPLY, VALUE_REPLY } from "./replies.ts";

/** Decides by `SET … NX` which instance does what must be done once. */
export class RedisClaims implements Claims {
  readonly #client: Client;
  readonly #keys: Readonly<Record<ClaimName, string>>;

  constructor(client: Client, keys: Readonly<Record<ClaimName, string>>) {
    this.#client = client;
    this.#keys = keys;
  }

  async take(name: ClaimName, ms: number): Promise<boolean> {
    const owner = crypto.randomUUID();
    const claim = () => this.#claim(name, owner, ms);
    // The first try may have succeeded and only its reply got lost: the owner tells.
    const holder = await claim().catch((error) => {
      if (error instanceof StoreError) return claim();
      throw error;
    });
    return holder === null || holder === owner;
  }

  async endIn(name: ClaimName, ms: number): Promise<void> {
    const key = this.#keys[name];
    if (ms <= 0) await send(this.#client, INTEGER_REPLY, ["DEL", key]);
    else await send(this.#client, OK_REPLY, ["SET", key, "ended", "PX", ms]);
  }

  #claim(name: ClaimName, owner: string, ms: number): Promise<string | null> {
    const command = ["SET", this.#keys[name], owner, "NX", "GET", "PX", ms] as const;
    return send(this.#client, VALUE_REPLY, command);
  }
}
