import type { FeedError } from "../core/errors.ts";
import { AddressError } from "./address_error.ts";
import type { JsonAnswer, JsonFetcher } from "./json_source.ts";

/**
 * Several addresses of the same data, asked in order. Only one that can't be reached or answers 5xx
 * leads to the next: any other refusal would be the same there, and count twice against its limits.
 */
export class FailOver implements JsonFetcher {
  readonly #addresses: readonly JsonFetcher[];

  /** @param addresses at least one, the preferred one first */
  constructor(addresses: readonly JsonFetcher[]) {
    this.#addresses = addresses;
  }

  async fetchJson(signal: AbortSignal): Promise<JsonAnswer> {
    const failures: AddressError[] = [];
    for (const address of this.#addresses) {
      try {
        return await address.fetchJson(signal);
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        failures.push(error);
      }
    }
    // The source can be asked again as soon as one of its addresses can.
    throw failures.toSorted((a, b) => (a.retryAfterMs ?? 0) - (b.retryAfterMs ?? 0))[0];
  }

  pause(error: FeedError): FeedError {
    for (const address of this.#addresses) address.pause(error);
    return error;
  }
}
