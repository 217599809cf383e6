import { assert, assertEquals } from "@std/assert";
import { readText } from "../docs/markdown.ts";
import { type Block, findParts, type Part } from "./blocks.ts";
import { Reader } from "./reader.ts";

const ENGLISH = "tutorial/README.md";
const CHINESE = "tutorial/README.zh-CN.md";

const QUICK = { timeout: 60_000 };

/** Blocks that are not run: how to name a command, and pictures. */
const NOT_RUN: ReadonlySet<string> = new Set(["sh", "powershell", "mermaid"]);

Deno.test(
  "tutorial/README.md shows what its commands, programs and changes do",
  { timeout: 180_000 },
  async () => {
    await using reader = new Reader();
    for (const part of await readParts(ENGLISH)) {
      if ("heading" in part) await reader.startSection();
      else await follow(reader, part);
    }
  },
);

Deno.test(
  "tutorial/README.zh-CN.md shows the same as the English one",
  QUICK,
  async () => {
    assertEquals(await readBlocks(CHINESE), await readBlocks(ENGLISH));
  },
);

Deno.test("both tutorials stop each service before they start the next", QUICK, async () => {
  for (const file of [ENGLISH, CHINESE]) {
    const [, ...afterStarts] = (await readText(file)).split("\nListening on ");
    const forgotten = afterStarts.filter((text) => !/stop (?:it|the service)|停止服务/i.test(text));
    assertEquals(forgotten, [], file);
  }
});

async function follow(reader: Reader, { info, lines }: Block): Promise<void> {
  const [language = "", file = ""] = info.split(" ");
  if (language === "console") await reader.type(lines);
  else if (language === "diff") await reader.change(file, lines);
  else if (language === "ts" || language === "json") await reader.find(file, lines);
  else assert(NOT_RUN.has(language), `a block of ${info} is not run`);
}

async function readParts(path: string): Promise<Part[]> {
  return findParts(await readText(path));
}

async function readBlocks(path: string): Promise<Block[]> {
  const blocks = (await readParts(path)).filter((part) => "info" in part);
  return blocks.filter(({ info }) => info !== "mermaid");
}
