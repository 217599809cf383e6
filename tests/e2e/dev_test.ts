import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { RespClient } from "../dev/redis/resp_client.ts";
import { eventually } from "../helpers/eventually.ts";
import { liveEnvironment, serveSources } from "../helpers/live_sources.ts";
import { freePort } from "../../dev/free_port.ts";
import { type Running, runTask } from "../helpers/process.ts";
import { readAnswer, requestsTo } from "./requests.ts";

const ROOT = new URL("../../", import.meta.url);
const TIME_LIMIT = { timeout: 60_000 };
const UNSET = { FEED: "", REDIS_URL: "", SENTIMENT_API_URL: "" };

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

async function isGone(url: string): Promise<boolean> {
  return await fetch(url).then(async ({ body }) => await body?.cancel(), () => "gone") === "gone";
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
    await using dev = runTask("dev", UNSET, { folder });
    const url = await dev.url;
    const request = requestsTo(url);
    const { port } = new URL(url);

    await t.step("three hours, which say that they are simulated", async () => {
      const answer = await readAnswer(request);
      assertEquals([answer.hourly_average_of_averages.length, answer.stale], [3, false]);
      assertEquals(answer.feed, "simulated");
    });
    const [first = ""] = dev.output().split("\n");
    await t.step("a first line that says what is embedded and simulated", () => {
      assertStringIncludes(first, "embedded Redis");
      assertStringIncludes(first, "simulated feed");
    });
    await t.step("the address alone as the last line, after the first refresh", async () => {
      const address = `http://localhost:${port} (Ctrl-C stops)\n`;
      await eventually(() => dev.output().endsWith(`\n${address}`));
      assertStringIncludes(dev.output(), '"refreshed"');
    });
    await t.step("a change is answered, from the same store", async () => {
      using redis = await RespClient.connect(
        Number(/redis:\/\/127\.0\.0\.1:(\d+)/.exec(first)?.[1]),
      );
      await redis.call("SET", "mark", "kept");
      assertEquals(await readVersion(url) === "9.9.9", false);
      await Deno.writeTextFile(`${folder}src/version.ts`, 'export const VERSION = "9.9.9";\n');
      await eventually(async () => await readVersion(url) === "9.9.9");
      await readAnswer(request);
      assertEquals(await redis.call("GET", "mark"), "$4\r\nkept\r\n");
    });
    await t.step("a mistake is answered once it is mended", async () => {
      await Deno.writeTextFile(`${folder}src/version.ts`, "export const");
      await eventually(() => isGone(url));
      await Deno.writeTextFile(`${folder}src/version.ts`, 'export const VERSION = "9.9.10";\n');
      await eventually(async () => await readVersion(url) === "9.9.10");
    });
    await t.step("Ctrl-C ends everything with code 0", async () => {
      assertEquals(await dev.stop("SIGINT"), 0);
      assertEquals(await isGone(url), true);
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
      ...liveEnvironment(sources),
    });
    assertEquals((await readAnswer(requestsTo(await dev.url))).feed, "live");
    const [first = ""] = dev.output().split("\n");
    assertStringIncludes(first, "embedded Redis");
    assertStringIncludes(first, "live feed");
  },
);

Deno.test(
  "of two deno task dev on one port, one names it and ends with 1",
  TIME_LIMIT,
  async () => {
    const PORT = String(freePort());
    const both = [runTask("dev", { ...UNSET, PORT }), runTask("dev", { ...UNSET, PORT })] as const;
    await using _first = both[0];
    await using _second = both[1];
    const loser: Running = await Promise.race(
      both.map((dev) => dev.ended.then(() => dev)),
    );
    assertEquals(await loser.ended, 1);
    assertStringIncludes(loser.output(), `127.0.0.1:${PORT}`);
    await readAnswer(requestsTo(`http://127.0.0.1:${PORT}`));
  },
);

Deno.test("deno task dev ends with 1 on a faulty variable", TIME_LIMIT, async () => {
  await using dev = runTask("dev", { ...UNSET, PORT: "http" });
  assertEquals(await dev.ended, 1);
  assertStringIncludes(dev.output(), 'PORT must be an integer from 0 to 65535, is "http"');
});

Deno.test("a killed deno task dev takes the service along", TIME_LIMIT, async () => {
  await using dev = runTask("dev", UNSET);
  const url = await dev.url;
  await dev.stop("SIGKILL");
  await eventually(() => isGone(url));
});

Deno.test.each(
  [
    // npx passes SIGTERM to its shell.
    { ended: "shell", signal: "SIGTERM" },
    { ended: "npx", signal: "SIGKILL" },
  ] as const,
)("deno task dev ends when the $ended before it has ended", {
  ...TIME_LIMIT,
  ignore: Deno.build.os === "windows",
}, async ({ ended, signal }) => {
  const PORT = String(freePort());
  const url = `http://127.0.0.1:${PORT}`;
  const inner = '"$0" task dev & echo $!; wait';
  const npx = new Deno.Command("sh", {
    args: ["-c", `sh -c '${inner}' "$0" & echo $!; wait`, Deno.execPath()],
    cwd: ROOT,
    env: { ...UNSET, PORT, npm_command: "exec" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = npx.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: shell = "" } = await output.read();
  await readAnswer(requestsTo(url));
  Deno.kill(ended === "npx" ? npx.pid : Number.parseInt(shell), signal);
  await eventually(() => isGone(url));
  while (!(await output.read()).done);
  await npx.status;
});

Deno.test("deno task start says once what to do without Redis", TIME_LIMIT, async () => {
  await using service = runTask("start", { ...UNSET, REDIS_URL: "redis://127.0.0.1:1" });
  await service.url;
  await eventually(() => service.output().includes("set REDIS_URL"));
  await service.stop();
  const lines = service.output().split("\n").filter((line) => /redis/i.test(line));
  assertEquals(lines.length, 1, service.output());
  assertStringIncludes(lines[0] ?? "", "deno task redis");
});
