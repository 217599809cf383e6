import { assert, assertEquals } from "@std/assert";
import { parse } from "@std/yaml";
import { NOW, pairAt } from "../helpers/samples.ts";
import { type StartedService, startService } from "../helpers/started_service.ts";
import { findCodeBlocks, readText } from "./markdown.ts";

const TIME_LIMIT = { timeout: 60_000 };

async function readBlocks(info: string): Promise<string[]> {
  const blocks = findCodeBlocks(await readText("docs/recipes.md"));
  return blocks.filter((block) => block.info === info).map(({ lines }) => lines.join("\n"));
}

async function runPrompt(address: string): Promise<string> {
  const [prompt = ""] = await readBlocks("sh");
  const { stdout } = await new Deno.Command("bash", {
    args: ["-c", `${prompt}\nlit`],
    env: { LIT_URL: address },
  }).output();
  return new TextDecoder().decode(stdout);
}

async function storeNewer({ source, request }: StartedService): Promise<void> {
  source.answer = () => ({ samples: pairAt(NOW + 301_000), rejected: 0 });
  await request("/refresh", { method: "POST" });
}

Deno.test(
  "docs/recipes.md shows a prompt that answers, also without the service",
  TIME_LIMIT,
  async () => {
    await using service = await startService();
    assertEquals(await runPrompt(service.url), "yes\n");
    assertEquals(await runPrompt("http://localhost:1"), "unknown\n");
  },
);

Deno.test("docs/recipes.md shows a program that fetches what is new", TIME_LIMIT, async () => {
  const environment = { REFRESH_MIN_INTERVAL_SECONDS: "0" };
  await using service = await startService({ environment });
  const [program = ""] = await readBlocks("js");
  const { default: fetchNew } = await import(
    `data:text/javascript,${encodeURIComponent(`export default ${program}`)}`
  );
  const first = [{ time: "2021-07-07T11:30:00.000Z" }];
  const points = await fetchNew(service.url, first);
  assertEquals(points.length, 2);
  await storeNewer(service);
  const later = await fetchNew(service.url, points);
  assertEquals(later.map(({ time }: { time: string }) => time), [
    "2021-07-07T11:30:00.000Z",
    "2021-07-07T12:30:00.000Z",
    "2021-07-07T12:35:00.000Z",
  ]);
});

Deno.test("docs/recipes.md asks for what the service has", TIME_LIMIT, async () => {
  await using service = await startService();
  const text = await readText("docs/recipes.md");
  const now = NOW / 1_000;
  const paths = [...text.matchAll(/https:\/\/example\.com(\/\S+)/g)].map(([, path = ""]) =>
    path.replace("${__from:date:seconds}", `${now - 86_400}`)
      .replace("${__to:date:seconds}", `${now}`)
  );
  assertEquals(paths.length, 3);
  for (const path of paths) assertEquals((await service.request(path)).status, 200, path);
  for (const block of await readBlocks("yaml")) assert(parse(block));
});
