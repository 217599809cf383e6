import * as z from "zod";

// Doubles arrive as strings such as "-5E-1" under RESP2, as numbers or strings under RESP3.
const DOUBLE = z.union([z.number(), z.string().min(1).transform(Number)]).pipe(z.number());

const POINT = z.tuple([z.int(), DOUBLE]);

/** A timestamp in Unix milliseconds and a value. */
export type Point = z.infer<typeof POINT>;

/** A reply of points, `[timestamp, value]` each: from `TS.RANGE`. */
export const POINTS_REPLY = z.array(POINT);

/** A reply of one point, or of none: from `TS.GET`. */
export const POINT_REPLY = z.union([POINT, z.tuple([])]);

/** A timestamp, or the reason for which it was refused, per sample: from `TS.MADD`. */
export const MADD_REPLY = z.array(z.union([z.int(), z.instanceof(Error)]));

/** The reply of a command that does what it is told: from `TS.CREATE`, `SET`. */
export const OK_REPLY = z.literal("OK");

/** `OK`, or nothing where a condition such as `NX` does not hold: from `SET`. */
export const OK_OR_NOTHING_REPLY = OK_REPLY.nullable();

/** A value, or nothing where the key does not exist: from `GET`. */
export const VALUE_REPLY = z.string().nullable();
