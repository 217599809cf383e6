import { FeedError } from "../core/errors.ts";

/** An address that can't be reached or answers 5xx: another address of the same data may work. */
export class AddressError extends FeedError {}
