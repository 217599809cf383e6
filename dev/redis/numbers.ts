const INTEGER = /^(?:0|-?[1-9]\d*)$/;
const DOUBLE = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const NOT_A_NUMBER = /^[+-]?nan$/i;

/** The largest signed 64-bit integer. */
export const MAX_INT64 = 2n ** 63n - 1n;

/** Redis writes whole doubles up to this with all digits, larger ones in the shortest form. */
const MAX_EXACT_DOUBLE = 2 ** 62;

/** Parses a signed 64-bit integer as Redis does: no spaces, no plus sign, no leading zero. */
export function parseInteger(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) || parseInt64(text) !== undefined ? value : undefined;
}

/** Parses a signed 64-bit integer like `parseInteger`, with all its digits. */
export function parseInt64(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Parses a sample's value as the module does: a finite number in JSON's syntax, or `nan`. */
export function parseValue(text: string): number | undefined {
  if (NOT_A_NUMBER.test(text)) return NaN;
  const value = DOUBLE.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Writes a double as in time series replies under RESP2 (`33885.23`, `5E-1`, `1E16`). */
export function formatDoubleResp2(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const { digits, exponent } = toScientific(value);
  // From 1 on, the module uses an exponent only if the integer part exceeds the digits it prints.
  const plain = exponent >= 0 && exponent < Math.max(digits.length, 16);
  return plain ? String(value) : value.toExponential().replace("e+", "E").replace("e", "E");
}

/** Writes a double as Redis 8 does under RESP3 (`33885.23`, `0.5`, `1e+21`). */
export function formatDoubleResp3(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value) && Math.abs(value) <= MAX_EXACT_DOUBLE) return String(BigInt(value));
  return formatLikeFpconv(value);
}

/** Follows fpconv, which Redis bundles; JavaScript uses exponents for other values. */
function formatLikeFpconv(value: number): string {
  const { digits, exponent } = toScientific(value);
  const sign = value < 0 ? "-" : "";
  const lastPlace = exponent - digits.length + 1;
  if (lastPlace >= 0 && exponent < digits.length + 7) {
    return sign + digits + "0".repeat(lastPlace);
  }
  if (lastPlace < 0 && (lastPlace > -7 || Math.abs(exponent) < 4)) {
    return sign + placePoint(digits, exponent);
  }
  return value.toExponential();
}

function placePoint(digits: string, exponent: number): string {
  if (exponent < 0) return "0." + "0".repeat(-exponent - 1) + digits;
  return digits.slice(0, exponent + 1) + "." + digits.slice(exponent + 1);
}

function toScientific(value: number): { digits: string; exponent: number } {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}
