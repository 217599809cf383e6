import { assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";

Deno.test("deno task build makes a service that answers everything", async () => {
  assertEquals(await runTask("build").ended, 0);
  await using feed = serveLocally(() => Response.json(simulateRows(Date.now())));
  await using store = startEmbeddedRedis();
  await using service = runTask("serve", {
    ...{ REDIS_URL: store.url, SENTIMENT_API_URL: feed.url },
  }, ["dist/main.js"]);
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
});
