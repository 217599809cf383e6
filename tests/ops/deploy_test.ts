import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { buildBundle } from "../helpers/bundle.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { DEPLOY_DENO } from "../helpers/needs.ts";

const WITH_DEPLOY_DENO = { ignore: !DEPLOY_DENO, timeout: 120_000 };

const OPENAPI = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** A service that runs as on Deno Deploy: the bundle, Deno 2.5, all permissions. */
interface Deployed extends AsyncDisposable {
  readonly url: string;
  readonly output: () => string;
}

async function deploy(directory: string, env: Record<string, string>): Promise<Deployed> {
  const child = new Deno.Command(await programBehind(DEPLOY_DENO ?? ""), {
    // On Deploy, crons work without the flag.
    args: ["run", "--allow-all", "--unstable-cron", "main.js"],
    cwd: directory,
    env: { HOST: "127.0.0.1", PORT: "0", NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  }
  const reading = Promise.all([read(child.stdout), read(child.stderr)]);
  const url = await eventually(() => /"listening".*?"url":"([^"]+)"/.exec(output)?.[1]);
  return {
    url,
    output: () => output,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGINT");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        console.error(`It ended by itself: ${output}`);
      }
      await child.status;
      await reading;
    },
  };
}

/** The program that a path starts: npm's script, for one, would not pass signals on. */
async function programBehind(path: string): Promise<string> {
  const { stdout } = await new Deno.Command(path, {
    args: ["eval", "console.log(Deno.execPath())"],
  })
    .output();
  return new TextDecoder().decode(stdout).trim();
}

/** The GET routes of the OpenAPI document, and what the two pages load. */
async function listPaths(url: string): Promise<string[]> {
  const { paths } = OPENAPI.parse(await (await fetch(`${url}/openapi.json`)).json());
  const routes = Object.entries(paths)
    .filter(([path, operations]) => "get" in operations && !path.includes("{"))
    .map(([path]) => path);
  const loaded = await Promise.all(["/", "/docs"].map(async (page) => {
    const html = await (await fetch(url + page)).text();
    const links = [...html.matchAll(/(?:src|href)="([^"#:]*)"/g)];
    return links.map(([, path]) => new URL(path ?? "", url + page)).map(({ pathname, search }) =>
      pathname + search
    );
  }));
  return [...new Set(["/", "/docs", ...routes, ...loaded.flat()])];
}

Deno.test("the bundle answers every route on Deno Deploy's Deno", WITH_DEPLOY_DENO, async () => {
  await using bundle = await buildBundle();
  await using feed = serveLocally(() => Response.json(simulateRows(Date.now())));
  await using store = startEmbeddedRedis();
  await using service = await deploy(bundle.directory, {
    REDIS_URL: store.url,
    SENTIMENT_API_URL: feed.url,
  });
  const { url } = service;
  await eventually(async () => await statusOf(`${url}/is-bitcoin-lit`) === 200);
  const paths = await listPaths(url);
  assert(paths.includes("/is-bitcoin-lit") && paths.includes("/metrics"), paths.join(" "));
  for (const path of paths) {
    assertEquals(await statusOf(url + path), 200, `${path}: ${service.output()}`);
  }
  assertEquals(await statusOf(`${url}/refresh`, "POST"), 200);
  assertEquals(await statusOf(`${url}/nowhere`), 404);
});

async function statusOf(url: string, method = "GET"): Promise<number> {
  const answer = await fetch(url, { method });
  await answer.body?.cancel();
  return answer.status;
}
