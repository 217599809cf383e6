import type { State } from "../core/state.ts";

const WORDS = { lit: "yes", unlit: "no", stale: "unknown" } as const satisfies Record<
  State,
  string
>;

/** Renders a state for `/lit.txt`: `yes`, `no` or `unknown`, and a newline. */
export function renderLitText(state: State): string {
  return `${WORDS[state]}\n`;
}
