import type { Claims } from "../core/ports.ts";
import { type Client, send } from "./command.ts";
import { OK_OR_NOTHING_REPLY } from "./replies.ts";

/** Decides by `SET … NX EX` which instance does what must be done once. */
export class RedisClaims implements Claims {
  readonly #client: Client;
  readonly #keyOf: (name: string) => string;

  constructor(client: Client, keyOf: (name: string) => string) {
    this.#client = client;
    this.#keyOf = keyOf;
  }

  async take(name: string, seconds: number): Promise<boolean> {
    const command = ["SET", this.#keyOf(name), "1", "NX", "EX", seconds] as const;
    return await send(this.#client, OK_OR_NOTHING_REPLY, command) === "OK";
  }
}
