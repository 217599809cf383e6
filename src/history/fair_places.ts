import { BusyError } from "../http/problem.ts";

/** More reads at once would keep the summary and the readiness check waiting for Redis. */
const MAX_PLACES = 8;

const MAX_WAITING = 8;

/** How many places an address may have or wait for, once all are taken. */
const MAX_PLACES_WHEN_FULL = 2;

interface Waiting {
  readonly address: string;
  readonly enter: () => void;
}

/**
 * Places for reads, fair between addresses: while another address waits, a free place goes to it, and
 * an address that has two gets no more.
 */
export class FairPlaces {
  readonly #taken: string[] = [];
  readonly #waiting: Waiting[] = [];

  /**
   * Takes a place, at once or when one is free; it must be returned by {@linkcode leave}.
   *
   * @throws {BusyError} at once, when all are taken and the address has its share, or too many wait
   */
  take(address: string): Promise<void> {
    if (this.#taken.length < MAX_PLACES) {
      this.#taken.push(address);
      return Promise.resolve();
    }
    const waiting = this.#waiting.map((it) => it.address);
    const own = [...this.#taken, ...waiting].filter((it) => it === address).length;
    if (own >= MAX_PLACES_WHEN_FULL || waiting.length >= MAX_WAITING) {
      throw new BusyError(
        `${MAX_PLACES} histories are being read, which is the limit; ask again soon`,
      );
    }
    return new Promise((enter) => this.#waiting.push({ address, enter }));
  }

  /** Returns a place of an address; it goes to who has waited for longest. */
  leave(address: string): void {
    this.#taken.splice(this.#taken.indexOf(address), 1);
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#taken.push(next.address);
    next.enter();
  }
}

const IPV6_GROUPS = 8;

/**
 * Returns what one client usually has to itself: of an IPv6 address its first 64 bits, however it is
 * written, and an IPv4 address whole. By single addresses, one client could take every place.
 */
export function networkOf(address: string): string {
  // An IPv4 address can come as ::ffff:192.0.2.1.
  if (!address.includes(":") || address.includes(".")) return address;
  const [first = [], last = []] = address.split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = new Array<string>(Math.max(0, IPV6_GROUPS - first.length - last.length)).fill("0");
  const groups = [...first, ...zeros, ...last].slice(0, IPV6_GROUPS / 2);
  return groups.map((group) => parseInt(group, 16).toString(16)).join(":");
}
