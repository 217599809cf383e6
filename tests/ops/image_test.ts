import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { dirname } from "node:path";
import * as z from "zod";
import { serveLocally } from "../helpers/local_server.ts";
import { copyTree, readText } from "./files.ts";

const ROOT = new URL("../../", import.meta.url);

const COMMAND = z.tuple([z.literal("deno")], z.string());

/** Runs the health check of the image; returns its exit code. */
async function runHealthCheck(env: Record<string, string>): Promise<number> {
  const [, command = "[]"] = /^HEALTHCHECK.*\\\n +CMD (.*)$/m.exec(await readText("Dockerfile")) ??
    [];
  const [, ...args] = COMMAND.parse(JSON.parse(command));
  const options = { args, env, stdout: "null", stderr: "null" } as const;
  return (await new Deno.Command(Deno.execPath(), options).output()).code;
}

Deno.test.each([
  { hosts: "all addresses", host: "" },
  { hosts: "all IPv4 addresses", host: "0.0.0.0" },
  { hosts: "one address", host: "127.0.0.1" },
])("the image is healthy while the service listens on $hosts", {
  timeout: 60_000,
}, async ({ host }) => {
  let status = 200;
  await using service = serveLocally(({ url }) => {
    assertEquals(new URL(url).pathname, "/healthz");
    return new Response(null, { status });
  });
  const env = { HOST: host, PORT: new URL(service.url).port };
  assertEquals(await runHealthCheck(env), 0);
  status = 503;
  assertEquals(await runHealthCheck(env), 1);
  assertEquals(service.requests, 2);
});

Deno.test("the image is unhealthy while nothing listens", { timeout: 60_000 }, async () => {
  const service = serveLocally(() => new Response());
  const { port } = new URL(service.url);
  await service[Symbol.asyncDispose]();
  assertEquals(await runHealthCheck({ PORT: port }), 1);
});

/** Copies what the first stage of the Dockerfile gets: the project's files that .dockerignore lets in. */
async function copySources(folder: string): Promise<void> {
  const ignored = (await readText(".dockerignore")).trim().split("\n");
  assertEquals(ignored[0], "*");
  const sent = ignored.slice(1).map((line) => line.replace("!", ""));
  const [, ...stages] = (await readText("Dockerfile")).split(/^FROM /m);
  for (const [, paths = ""] of stages[0]?.matchAll(/^COPY (.+)$/gm) ?? []) {
    const [target = "", ...sources] = paths.split(" ").reverse();
    for (const source of sources) {
      assert(sent.includes(source), `.dockerignore leaves out ${source}`);
      const name = target.endsWith("/") ? `${target}${source.split("/").at(-1)}` : target;
      await Deno.mkdir(dirname(`${folder}/${name}`), { recursive: true });
      await copyTree(fromFileUrl(new URL(source, ROOT)), `${folder}/${name}`);
    }
  }
}

Deno.test("the image builds from the files that it is sent", { timeout: 60_000 }, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await copySources(folder);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "build"],
      cwd: folder,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    assert((await Deno.stat(`${folder}/dist/main.js`)).isFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
