import * as z from "zod";
import { readText, readYaml } from "./files.ts";

const COMPOSE = z.object({
  services: z.object({
    redis: z.object({ image: z.string(), command: z.array(z.string()) }),
    app: z.object({
      env_file: z.tuple([z.strictObject({ path: z.string(), required: z.boolean() })]),
      environment: z.record(z.string(), z.string()),
    }),
  }),
});

const TASKS = z.object({ tasks: z.object({ serve: z.object({ command: z.string() }) }) });

/** Reads `compose.yaml`. */
export async function readCompose(): Promise<z.infer<typeof COMPOSE>> {
  return COMPOSE.parse(await readYaml("compose.yaml"));
}

/** The variables that `.env.example` lists, those that people set, with their values. */
export async function readExampleVariables(): Promise<Record<string, string>> {
  const lines = (await readText(".env.example")).matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

/** The variables of the README's table, which begins with the column `variable`. */
export async function readReadmeVariables(): Promise<string[]> {
  const [table = ""] = /^\| variable .*?\n\n/ms.exec(await readText("README.md")) ?? [];
  const rows = table.matchAll(/^\| (`[A-Z_]+`[^|]*)\|/gm);
  return [...rows].flatMap(([, cell = ""]) => namesIn(cell, /`([A-Z_]+)`/g));
}

/** The variables that the task `serve` may read; it is the only list of them in `deno.json`. */
export async function readPermittedVariables(): Promise<string[]> {
  const { tasks } = TASKS.parse(JSON.parse(await readText("deno.json")));
  return /--allow-env=(\S+)/.exec(tasks.serve.command)?.[1]?.split(",") ?? [];
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name);
}
