import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveSources } from "../helpers/live_sources.ts";
import { runTask } from "../helpers/process.ts";
import { readAnswer, requestsTo } from "./requests.ts";

const ROOT = new URL("../../", import.meta.url);
const TIME_LIMIT = { timeout: 30_000 };
const UNSET = { FEED: "", REDIS_URL: "", SENTIMENT_API_URL: "" };

const START_MS = 5_000;
const RELOAD_MS = 2_000;

/** Copies the sources: a change to the project's own files could restart services of other tests. */
async function copyProject(): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "is-bitcoin-lit-dev-" });
  for (const name of ["deno.json", "deno.lock", "main.ts", "src", "dev"]) {
    await copyTree(fromFileUrl(new URL(name, ROOT)), `${copy}/${name}`);
  }
  return `${copy}/`;
}

async function copyTree(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copyTree(`${from}/${name}`, `${to}/${name}`);
  }
}

async function readVersion(url: string): Promise<string> {
  const response = await fetch(`${url}/openapi.json`);
  return (await response.json()).info.version;
}

Deno.test(
  "deno task dev answers, reloads on a change and keeps its data",
  TIME_LIMIT,
  async (t) => {
    const folder = await copyProject();
    const start = performance.now();
    await using dev = runTask("dev", UNSET, { folder });
    const url = await dev.url;
    const request = requestsTo(url);
    const { port } = new URL(url);

    await t.step("three hours within 5 s, which say that they are simulated", async () => {
      const answer = await readAnswer(request);
      const ms = performance.now() - start;
      assert(ms < START_MS, `${ms} ms`);
      assertEquals([answer.hourly_average_of_averages.length, answer.stale], [3, false]);
      assertEquals(answer.feed, "simulated");
    });
    const [first = ""] = dev.output().split("\n");
    await t.step("a first line with the address to open", () => {
      assertStringIncludes(first, `http://localhost:${port} `);
      assertStringIncludes(first, "embedded Redis");
      assertStringIncludes(first, "simulated feed");
    });
    await t.step("a change is answered within 2 s, from the same store", async () => {
      using redis = await RespClient.connect(
        Number(/redis:\/\/127\.0\.0\.1:(\d+)/.exec(first)?.[1]),
      );
      await redis.call("SET", "mark", "kept");
      assertEquals(await readVersion(url) === "9.9.9", false);
      const changed = performance.now();
      await Deno.writeTextFile(`${folder}src/version.ts`, 'export const VERSION = "9.9.9";\n');
      await eventually(async () => await readVersion(url) === "9.9.9");
      await readAnswer(request);
      const ms = performance.now() - changed;
      assert(ms < RELOAD_MS, `${ms} ms`);
      assertEquals(await redis.call("GET", "mark"), "$4\r\nkept\r\n");
    });
    await t.step("Ctrl-C ends everything with code 0", async () => {
      assertEquals(await dev.stop("SIGINT"), 0);
      assertEquals(await fetch(url).then(() => "answers", () => "is gone"), "is gone");
    });
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test(
  "FEED=live deno task dev embeds the store, and asks the sources",
  TIME_LIMIT,
  async () => {
    await using sources = serveSources();
    await using dev = runTask("dev", {
      ...UNSET,
      FEED: "live",
      KRAKEN_URL: sources.kraken.url,
      COINBASE_URL: sources.coinbase.url,
      BITSTAMP_URL: sources.bitstamp.url,
      OKX_URL: sources.okx.url,
    });
    assertEquals((await readAnswer(requestsTo(await dev.url))).feed, "live");
    const [first = ""] = dev.output().split("\n");
    assertStringIncludes(first, "embedded Redis");
    assertStringIncludes(first, "live feed");
  },
);

Deno.test(
  "deno task dev explains that its port is taken, and ends with 1",
  TIME_LIMIT,
  async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const dev = runTask("dev", { ...UNSET, PORT: `${taken.addr.port}` });
    assertEquals(await dev.ended, 1);
    assertStringIncludes(
      dev.output(),
      `Port ${taken.addr.port} is in use: stop what listens there`,
    );
  },
);

Deno.test("deno task start says once what to do without Redis", TIME_LIMIT, async () => {
  await using service = runTask("start", { ...UNSET, REDIS_URL: "redis://127.0.0.1:1" });
  await service.url;
  await eventually(() => service.output().includes("set REDIS_URL"));
  await service.stop();
  const lines = service.output().split("\n").filter((line) => /redis/i.test(line));
  assertEquals(lines.length, 1, service.output());
  assertStringIncludes(lines[0] ?? "", "deno task redis");
});
