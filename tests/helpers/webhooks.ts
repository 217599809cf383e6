import { answerAt } from "../../src/summary/summary.ts";
import { NOW, RISING_SUMMARY } from "./samples.ts";
import type { Answer } from "../../src/summary/wire.ts";

const HOUR_MS = 3_600_000;

/** An answer that is lit. */
export const RISING_ANSWER: Answer = answerAt(RISING_SUMMARY, NOW, {
  feed: "test",
  staleAfterMs: HOUR_MS,
});

/** An answer per state. */
export const ANSWERS = {
  lit: RISING_ANSWER,
  unlit: { ...RISING_ANSWER, lit: false, price_direction: "falling" },
  stale: { ...RISING_ANSWER, lit: false, stale: true },
} satisfies Record<string, Answer>;
