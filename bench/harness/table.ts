import { type Finding, type NotRun, toTableRow } from "./finding.ts";

const HEADINGS = ["what", "budget", "median", "spread", "rounds", "verdict"];

/** Formats rows as a Markdown table that is aligned for the terminal too. */
export function formatTable(rows: readonly (Finding | NotRun)[]): string {
  const cells = [HEADINGS, ...rows.map(toTableRow)];
  const widths = HEADINGS.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const [head = "", ...body] = cells.map((row) =>
    `| ${widths.map((width, i) => (row[i] ?? "").padEnd(width)).join(" | ")} |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}
