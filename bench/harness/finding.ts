import { median } from "./statistics.ts";

/** The bound of a measured value. */
export type Budget = { readonly atLeast: number } | { readonly atMost: number };

/** One row of the table: a value that was measured in several rounds. */
export interface Finding {
  readonly what: string;
  /** One value per round. */
  readonly values: readonly number[];
  /** `×` for a ratio, `ms`, `MB`, …; absent for a count. */
  readonly unit?: string;
  /** Absent if the value is for information. */
  readonly budget?: Budget;
  /** What a reader of the value must know. */
  readonly note?: string;
}

/** One row of the table: something that could not be run. */
export interface NotRun {
  readonly what: string;
  readonly why: string;
  /** Whether it should have run. @default false */
  readonly isFault?: boolean;
}

/** A row of the table, as text. */
export type TableRow = readonly [
  what: string,
  budget: string,
  median: string,
  spread: string,
  rounds: string,
  verdict: string,
];

/** Takes the budget from a finding if there is a reason not to judge it. */
export function unjudged(finding: Finding, reason: string | false): Finding {
  if (!reason) return finding;
  const { budget: _, ...rest } = finding;
  return { ...rest, note: `not judged: ${reason}` };
}

/** Whether the median is outside the budget; without a budget it never is. */
export function isMiss({ budget, values }: Finding): boolean {
  if (budget === undefined) return false;
  const value = median(values);
  return !("atLeast" in budget ? value >= budget.atLeast : value <= budget.atMost);
}

/** Formats a row of the table. */
export function toTableRow(row: Finding | NotRun): TableRow {
  if ("why" in row) return [row.what, "", "", "", "", `not run: ${row.why}`];
  const { what, budget, values, unit = "", note } = row;
  return [
    what,
    budget === undefined ? "" : showBudget(budget, unit),
    withUnit(median(values), unit),
    `${show(Math.min(...values))} – ${show(Math.max(...values))}`,
    String(values.length),
    [verdictOn(row), note].filter((text) => text).join("; "),
  ];
}

function verdictOn(finding: Finding): string {
  if (finding.budget === undefined) return "";
  return isMiss(finding) ? "MISS" : "ok";
}

function showBudget(budget: Budget, unit: string): string {
  return "atLeast" in budget
    ? `≥ ${withUnit(budget.atLeast, unit)}`
    : `≤ ${withUnit(budget.atMost, unit)}`;
}

function withUnit(value: number, unit: string): string {
  return `${show(value)} ${unit}`.trim();
}

/** Formats three significant digits; more would be noise. */
function show(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
