import { assertEquals } from "@std/assert";
import {
  formatDoubleResp2,
  formatDoubleResp3,
  parseInt64,
  parseInteger,
  parseValue,
} from "../../../dev/redis/numbers.ts";

const OPTIONS = { timeout: 60_000 };

/** As real servers wrote them. */
const DOUBLES: [value: number, resp2: string, resp3: string][] = [
  [0, "0", "0"],
  [-0, "-0", "-0"],
  [-33885.23, "-33885.23", "-33885.23"],
  [0.95, "9.5E-1", "0.95"],
  [1e-5, "1E-5", "0.00001"],
  [1e-7, "1E-7", "1e-7"],
  [0.00001234, "1.234E-5", "1.234e-5"],
  [0.00012345678901234567, "1.2345678901234567E-4", "1.2345678901234567e-4"],
  [123456789.12345678, "123456789.12345678", "1.2345678912345678e+8"],
  [1e15, "1000000000000000", "1000000000000000"],
  [1e16, "1E16", "10000000000000000"],
  [12345678901234568, "12345678901234568", "12345678901234568"],
  [99999999999999984, "9.999999999999998E16", "99999999999999984"],
  [2 ** 62, "4.611686018427388E18", "4611686018427387904"],
  [2 ** 63, "9.223372036854776E18", "9223372036854776000"],
  [1e19, "1E19", "1e+19"],
  [5e-324, "5E-324", "5e-324"],
  [NaN, "NaN", "nan"],
  [Infinity, "Infinity", "inf"],
];

Deno.test.each(DOUBLES)(
  "formatDoubleResp2() and formatDoubleResp3() write %o as real servers do",
  OPTIONS,
  (value, resp2, resp3) => {
    assertEquals(formatDoubleResp2(value), resp2);
    assertEquals(formatDoubleResp3(value), resp3);
  },
);

Deno.test("parseInteger() accepts only signed 64-bit integers", OPTIONS, () => {
  assertEquals(parseInteger("-12"), -12);
  assertEquals(parseInteger("9223372036854775807"), 2 ** 63);
  for (const text of ["", "+5", " 5", "05", "-0", "1.0", "1e3", "9223372036854775808"]) {
    assertEquals(parseInteger(text), undefined, text);
  }
});

Deno.test("parseInt64() keeps every digit", OPTIONS, () => {
  assertEquals(parseInt64("9223372036854775807"), 2n ** 63n - 1n);
  assertEquals(parseInt64("-9223372036854775808"), -(2n ** 63n));
  for (const text of ["9223372036854775808", "-9223372036854775809", "01", ""]) {
    assertEquals(parseInt64(text), undefined, text);
  }
});

Deno.test("parseValue() accepts finite numbers in JSON's syntax, and nan", OPTIONS, () => {
  assertEquals(parseValue("-12.5e-1"), -1.25);
  for (const text of ["nan", "NaN", "-nan", "+nan"]) assertEquals(parseValue(text), NaN, text);
  for (const text of ["", "+5", " 5", "05", ".5", "5.", "0x10", "inf", "nano", "1e309"]) {
    assertEquals(parseValue(text), undefined, text);
  }
});
