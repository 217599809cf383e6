import * as z from "zod";

/** A number without a sign, or a string that holds one: sources write their decimals as strings. */
export const DECIMAL = z.union([
  z.number(),
  z.string().regex(/^\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/).transform(Number),
]);
