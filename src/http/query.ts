import { ProblemError } from "./problem.ts";

/** Parameters as Hono reads them: several values of one name are an array. */
type Query = Readonly<Record<string, string | readonly string[]>>;

/** Shorter names differ by one letter from too many others. */
const MIN_LETTERS = 5;

/**
 * Reads the parameters of an API route, each of which may be given once. Others are ignored, except for
 * misspelt ones, which must not silently mean the default.
 */
export function readParameters<Name extends string>(
  query: Query,
  names: readonly Name[],
): { [K in Name]?: string } {
  for (const given of Object.keys(query)) refuseMisspelt(given, names);
  const read: { [K in Name]?: string } = {};
  for (const name of names) {
    const value = Object.hasOwn(query, name) ? query[name] : undefined;
    if (typeof value === "object") {
      throw invalidParameter(name, "be given once", value.join(", "));
    }
    if (value !== undefined) read[name] = value;
  }
  return read;
}

/** The error for an invalid parameter: its name, the requirement, the value. */
export function invalidParameter(name: string, requirement: string, value: string): ProblemError {
  const shown = JSON.stringify(value.slice(0, 100));
  return new ProblemError("invalid-request", `${name} must ${requirement}, is ${shown}`);
}

function refuseMisspelt(given: string, names: readonly string[]): void {
  if (names.includes(given)) return;
  const meant = names.find((name) => resembles(given, name));
  if (meant === undefined) return;
  const shown = JSON.stringify(given.slice(0, 100));
  throw new ProblemError("invalid-request", `${shown} is no parameter: write ${meant}`);
}

/** Whether a name is another by case, non-letters or a final s, or by one letter of five or more. */
function resembles(given: string, name: string): boolean {
  // No name is as long, and comparing takes time.
  const letters = given.slice(0, 100).toLowerCase().replace(/[^a-z]/g, "");
  if (singular(letters) === singular(name)) return true;
  return letters.length >= MIN_LETTERS &&
    (isOneLetterOff(letters, name) || isOneLetterOff(singular(letters), singular(name)));
}

function singular(word: string): string {
  return word.replace(/s$/, "");
}

/** Whether one letter was replaced, added or left out. */
function isOneLetterOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restOfA, restOfB] = [a.slice(start), b.slice(start)];
  return restOfA.slice(1) === restOfB.slice(1) || restOfA.slice(1) === restOfB ||
    restOfA === restOfB.slice(1);
}
