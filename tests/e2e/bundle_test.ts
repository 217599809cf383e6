import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { buildBundle } from "../helpers/bundle.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";
import { readAnswer, requestsTo } from "./requests.ts";

Deno.test(
  "deno task build bundles everything that the service needs",
  { timeout: 60_000 },
  async () => {
    await using bundle = await buildBundle();
    const cache = `${bundle.directory}/cache`;
    await using feed = serveLocally(() => Response.json(simulateRows(Date.now())));
    await using store = startEmbeddedRedis();
    const environment = {
      REDIS_URL: store.url,
      SENTIMENT_API_URL: feed.url,
      DENO_DIR: cache,
    };
    const folder = `${bundle.directory}/`;
    await using service = runTask("serve", environment, { args: ["main.js"], folder });
    const request = requestsTo(await service.url);
    await readAnswer(request);
    const page = await (await request("/")).text();
    assertStringIncludes(page, "Is Bitcoin lit?");
    const [, asset = ""] = /src="(assets\/[^"]+)"/.exec(page) ?? [];
    assertEquals(page.includes("modulepreload"), false, "a script is in pieces");
    for (
      const path of [
        `/${asset}`,
        "/docs/files/other/swagger-ui.js",
        "/openapi.json",
        "/metrics",
        "/readyz",
      ]
    ) {
      const response = await request(path);
      await response.body?.cancel();
      assertEquals(response.status, 200, path);
    }
    assertEquals(await service.stop(), 0);
    const packages = await Array.fromAsync(Deno.readDir(`${cache}/npm`));
    assertEquals(packages, [], "it fetched packages");
  },
);

Deno.test("the bundle names no path of its machine, and the licence of each package inside", {
  timeout: 60_000,
}, async () => {
  await using bundle = await buildBundle();
  const read = (name: string) => Deno.readTextFile(`${bundle.directory}/${name}`);
  const scripts = (await Array.fromAsync(Deno.readDir(bundle.directory)))
    .map(({ name }) => name).filter((name) => name.endsWith(".js"));
  const foreign = (await Promise.all(scripts.map(read))).flatMap(findModules)
    .filter((module) => !/^(?:src|dev)\/|^main\.ts$/.test(module));
  const packages = foreign.map((module) => /^npm:(.+@[\d.]+)\//.exec(module)?.[1] ?? module);
  const notices = await read("THIRD_PARTY_NOTICES.txt");
  const named = [...notices.matchAll(/^(\S+@[\d.]+)\nLicence: /gm)].map(([, name]) => name);
  assertEquals([...new Set(packages)].sort(), named);
  assert(named.length > 15, `${named}`);
  assertStringIncludes(notices, "Permission is hereby granted, free of charge");
});

/** The modules in a bundled script: each is named in a comment, and one of CommonJS also in a key. */
function findModules(script: string): string[] {
  return [...script.matchAll(/^ *(?:\/\/ (\S+\.\w+)$|"([^"]+)"\()/gm)]
    .map(([, path, key]) => path ?? key ?? "");
}
