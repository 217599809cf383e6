import { assertEquals } from "@std/assert";
import * as z from "zod";
import { type Config, parseConfig } from "../../src/config.ts";
import { FEED_NAMES } from "../../src/feeds/mod.ts";
import { createOpenApiDocument } from "../../src/http/openapi.ts";
import { findCode, findSections, findTableRows, readText } from "./markdown.ts";

const DOCUMENT = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const QUICK = { timeout: 10_000 };

Deno.test("README.md lists every documented route", QUICK, async () => {
  const listed = (await readRows("The API")).flatMap(([request = ""]) => findCode(request))
    .map((request) => request.replace(/\?.*$/, ""));
  const { paths } = DOCUMENT.parse(createOpenApiDocument());
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
  assertEquals(Object.keys(environment).length, 11);
});

Deno.test("README.md names every feed", QUICK, async () => {
  const named = (await readRows("Feeds")).flatMap(([name = ""]) => findCode(name));
  assertEquals(named.sort(), [...FEED_NAMES].sort());
});

function parse(environment: Record<string, string | undefined>): Config {
  return parseConfig(environment, FEED_NAMES);
}

async function readRows(section: string): Promise<string[][]> {
  const found = findSections(await readText("README.md")).find(({ title }) => title === section);
  return findTableRows(found?.text ?? "");
}
