import * as z from "zod/mini";

const TEXT = z.string().check(z.minLength(1));

/** How a server writes what no sum of prices should be. Redis 8.6 also stores NaN when told to. */
const NOT_FINITE = /^-?(?:nan|inf|infinity)$/i;

// Doubles arrive as strings such as "-5E-1" under RESP2, as numbers or strings under RESP3.
const DOUBLE = z.pipe(
  z.union([z.pipe(TEXT, z.transform(parseDouble)), z.number(), z.nan()]),
  z.union([z.number(), z.nan()]),
);

// Timestamps of samples that were added by hand may be beyond JavaScript's exact integers.
const POINT = z.tuple([z.number(), DOUBLE]);

/** A timestamp in Unix milliseconds and a value, which may be NaN. */
export type Point = z.infer<typeof POINT>;

/** A reply of points, `[timestamp, value]` each: from `TS.RANGE`. */
export const POINTS_REPLY = z.array(POINT);

/** A reply of one point, or of none: from `TS.GET`. */
export const POINT_REPLY = z.union([POINT, z.tuple([])]);

/** A timestamp, or the reason for which it was refused, per sample: from `TS.MADD`. */
export const MADD_REPLY = z.array(z.union([z.int(), z.instanceof(Error)]));

/** A count: from `INCR`, `DEL`, `PUBLISH`. */
export const INTEGER_REPLY = z.int();

/** The reply of a command that succeeded: from `TS.CREATE`, `SET`. */
export const OK_REPLY = z.literal("OK");

/** A value, or `null` for a key that does not exist: from `GET`, `SET … GET`. */
export const VALUE_REPLY = z.nullable(z.string());

/** A value or `null` per key: from `MGET`, which also answers `null` for another type. */
export const VALUES_REPLY = z.array(VALUE_REPLY);

function parseDouble(text: string): number | undefined {
  if (NOT_FINITE.test(text)) return NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
