import type { Answer } from "./summary.ts";

/** The states an answer can have, as notifications name them. */
export const STATES = ["lit", "unlit", "stale"] as const;

/** One of {@linkcode STATES}. */
export type State = (typeof STATES)[number];

/** Returns the state of an answer: `stale` hides whether Bitcoin was lit. */
export function stateOf({ lit, stale }: Pick<Answer, "lit" | "stale">): State {
  if (stale) return "stale";
  return lit ? "lit" : "unlit";
}
