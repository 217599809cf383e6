import { fromFileUrl } from "@std/path/from-file-url";
import { parse } from "@std/yaml";
import * as z from "zod";

/** An alert of `ops/alerts.yml`. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

/** A panel of `ops/dashboard.json` with its queries. */
export interface Panel {
  readonly title: string;
  readonly expressions: readonly string[];
}

const ROOT = new URL("../../", import.meta.url);

const ALERTS = z.object({
  groups: z.array(z.object({
    rules: z.array(z.object({
      alert: z.string(),
      expr: z.string(),
      annotations: z.object({ runbook: z.string() }),
    })),
  })),
});

const DASHBOARD = z.object({
  panels: z.array(z.object({
    title: z.string(),
    targets: z.array(z.object({ expr: z.string() })),
  })),
});

/** Reads a file of the project. */
export function readText(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, ROOT));
}

/** Reads a YAML file of the project. */
export async function readYaml(path: string): Promise<unknown> {
  return parse(await readText(path));
}

/** The path of a file of the project, for programs. */
export function pathOf(path: string): string {
  return fromFileUrl(new URL(path, ROOT));
}

/** The alerts of `ops/alerts.yml`. */
export async function readAlerts(): Promise<Alert[]> {
  const { groups } = ALERTS.parse(await readYaml("ops/alerts.yml"));
  return groups.flatMap(({ rules }) => rules);
}

/** The panels of `ops/dashboard.json`. */
export async function readPanels(): Promise<Panel[]> {
  const { panels } = DASHBOARD.parse(JSON.parse(await readText("ops/dashboard.json")));
  return panels.map(({ title, targets }) => ({
    title,
    expressions: targets.map(({ expr }) => expr),
  }));
}

/** The metrics of the table in `docs/operations.md`. */
export async function readDocumentedMetrics(): Promise<string[]> {
  const rows = (await readText("docs/operations.md")).matchAll(/^\| `(is_bitcoin_lit_\w+)`/gm);
  return [...rows].map(([, name = ""]) => name).sort();
}

/** The metrics that a scrape describes, whether they have samples yet or not. */
export function metricsOfScrape(scrape: string): string[] {
  return [...scrape.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name).sort();
}

/** The metrics that an expression reads; a histogram's parts count as the histogram. */
export function metricsOfExpression(expression: string): string[] {
  const names = [...expression.matchAll(/\bis_bitcoin_lit_\w+/g)].map(([name]) =>
    name.replace(/_seconds_(bucket|sum|count)$/, "_seconds")
  );
  return [...new Set(names)].sort();
}

/** Copies a file, or a folder with all that is in it. */
export async function copyTree(source: string, target: string): Promise<void> {
  if ((await Deno.stat(source)).isFile) return await Deno.copyFile(source, target);
  await Deno.mkdir(target, { recursive: true });
  for await (const { name } of Deno.readDir(source)) {
    await copyTree(`${source}/${name}`, `${target}/${name}`);
  }
}
