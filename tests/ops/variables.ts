import * as z from "zod";
import { readText, readYaml } from "./files.ts";

const COMPOSE = z.object({
  services: z.object({
    redis: z.object({ image: z.string(), command: z.array(z.string()) }),
    app: z.object({ environment: z.record(z.string(), z.string()) }),
  }),
});

const TASKS = z.object({ tasks: z.record(z.string(), z.object({ command: z.string() })) });

/** Reads `compose.yaml`. */
export async function readCompose(): Promise<z.infer<typeof COMPOSE>> {
  return COMPOSE.parse(await readYaml("compose.yaml"));
}

/** The variables of `.env.example`. */
export async function readExampleVariables(): Promise<string[]> {
  return namesIn(await readText(".env.example"), /^([A-Z_]+)=/gm);
}

/** The variables of the README's table, which begins with the column `variable`. */
export async function readReadmeVariables(): Promise<string[]> {
  const [table = ""] = /^\| variable .*?\n\n/ms.exec(await readText("README.md")) ?? [];
  const rows = table.matchAll(/^\| (`[A-Z_]+`[^|]*)\|/gm);
  return [...rows].flatMap(([, cell = ""]) => namesIn(cell, /`([A-Z_]+)`/g));
}

/** The variables that each task of `deno.json` with such a list may read, by the task's name. */
export async function readPermittedVariables(): Promise<Map<string, string[]>> {
  const { tasks } = TASKS.parse(JSON.parse(await readText("deno.json")));
  const lists = Object.entries(tasks).flatMap(([name, { command }]) => {
    const [, list] = /--allow-env=(\S+)/.exec(command) ?? [];
    return list === undefined ? [] : [[name, list.split(",")] as const];
  });
  return new Map(lists);
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}
