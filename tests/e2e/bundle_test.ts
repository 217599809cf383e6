import { assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";

Deno.test("deno task build makes a service that has all it needs inside", async () => {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "build"],
    cwd: new URL("../../", import.meta.url),
  }).output();
  assertEquals(success, true);
  const cache = await Deno.makeTempDir();
  await using feed = serveLocally(() => Response.json(simulateRows(Date.now())));
  await using store = startEmbeddedRedis();
  await using service = runTask("serve", {
    ...{ REDIS_URL: store.url, SENTIMENT_API_URL: feed.url, DENO_DIR: cache },
  }, { args: ["main.js"], folder: "dist/" });
  const url = await service.url;
  await eventually(async () => {
    const response = await fetch(`${url}/is-bitcoin-lit`);
    await response.body?.cancel();
    return response.ok;
  });
  const page = await (await fetch(url)).text();
  assertStringIncludes(page, "Is Bitcoin lit?");
  const [, asset = ""] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
  for (const path of [asset, "/docs/swagger-ui.js", "/openapi.json", "/metrics", "/readyz"]) {
    const response = await fetch(url + path);
    await response.body?.cancel();
    assertEquals(response.status, 200, path);
  }
  assertEquals(await service.stop(), 0);
  assertEquals(await Array.fromAsync(Deno.readDir(`${cache}/npm`)), [], "it fetched packages");
  await Deno.remove(cache, { recursive: true });
});
