import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { type Config, parseConfig } from "../../src/config.ts";
import { FEED_NAMES } from "../../src/feeds/mod.ts";
import { loadPaths } from "../../src/app.ts";
import { createOpenApiDocument } from "../../src/http/docs.ts";
import {
  findCode,
  findCodeBlocks,
  findSections,
  findTableRows,
  listMarkdownFiles,
  readText,
} from "./markdown.ts";
import config from "../../deno.json" with { type: "json" };

const DOCUMENT = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const QUICK = { timeout: 60_000 };

Deno.test("README.md lists every documented route", QUICK, async () => {
  const listed = (await readRows("The API")).flatMap(([request = ""]) => findCode(request))
    .map((request) => request.replace(/\?.*$/, ""));
  const { paths } = DOCUMENT.parse(
    createOpenApiDocument(await loadPaths({ retentionMs: 86_400_000 })),
  );
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assertEquals(listed.sort(), documented.sort());
});

Deno.test("README.md shows the defaults of the configuration", QUICK, async () => {
  const rows = await readRows("Configuration");
  const defaults = rows.flatMap(([names = "", values = ""]) => {
    const stated = findCode(values);
    return findCode(names).map((name, i) => [name, stated[i]] as const);
  });
  const environment = Object.fromEntries(defaults.filter(([, value]) => value !== undefined));
  assertEquals(parse(environment), parse({}));
  assertEquals(Object.keys(environment).length, 12);
});

Deno.test("README.md names every feed", QUICK, async () => {
  const named = (await readRows("Feeds")).flatMap(([name = ""]) => findCode(name));
  assertEquals(named.sort(), [...FEED_NAMES].sort());
});

Deno.test("documents name tasks that exist, and one version of Deno", QUICK, async () => {
  const versions = new Set<string>();
  for (const file of ["Dockerfile", ".github/workflows/ci.yml", ...await listMarkdownFiles()]) {
    const text = await readText(file);
    for (
      const [, task = ""] of text.matchAll(/\bdeno(?:@[\d.]+)? task (?:--quiet )?([a-z][\w-]*)/g)
    ) {
      assert(Object.hasOwn(config.tasks, task), `${file}: ${task}`);
    }
    for (const [, version = ""] of text.matchAll(/\bdeno[@:](\d+\.\d+\.\d+)/g)) {
      versions.add(version);
    }
  }
  assertEquals([...versions], ["2.9.6"]);
});

Deno.test("both READMEs show how to clone, run and test, in the same commands", QUICK, async () => {
  const [english, chinese] = await Promise.all(["README.md", "README.zh-CN.md"].map(readCommands));
  assertEquals(english?.map((line) => line.replace(/^(git clone) \S+/, "$1")), [
    "git clone is-bitcoin-lit",
    "cd is-bitcoin-lit",
    "npx --yes deno@2.9.6 task dev",
    "npx --yes deno@2.9.6 task test",
  ]);
  assertEquals(chinese?.slice(1), english?.slice(1));
});

async function readCommands(file: string): Promise<readonly string[]> {
  return findCodeBlocks(await readText(file)).find(({ info }) => info === "sh")?.lines ?? [];
}

function parse(environment: Record<string, string | undefined>): Config {
  return parseConfig(environment, FEED_NAMES);
}

async function readRows(section: string): Promise<string[][]> {
  const found = findSections(await readText("README.md")).find(({ title }) => title === section);
  return findTableRows(found?.text ?? "");
}
