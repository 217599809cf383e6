import { ProblemError } from "./problem.ts";

/** Reads a parameter that may be given once. */
export function readOnce<Name extends string>(
  query: Record<string, string | string[]>,
  name: Name,
): { [K in Name]?: string } {
  const value = query[name];
  if (Array.isArray(value)) throw invalidParameter(name, "be given once", value.join(", "));
  return value === undefined ? {} : { [name]: value } as { [K in Name]?: string };
}

/** The error for an invalid parameter: its name, the requirement, the value. */
export function invalidParameter(name: string, requirement: string, value: string): ProblemError {
  const shown = JSON.stringify(value.slice(0, 100));
  return new ProblemError("invalid-request", `${name} must ${requirement}, is ${shown}`);
}
