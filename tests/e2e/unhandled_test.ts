import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { eventually } from "../helpers/eventually.ts";
import { runTask } from "../helpers/process.ts";

const TIME_LIMIT = { timeout: 60_000 };

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const MAIN = new URL("../../main.ts", import.meta.url);

/** Starts the service, then fails where nothing handles it. */
const ENTRY = `
  import ${JSON.stringify(MAIN)};
  Promise.reject(new RangeError("no one awaits this"));
  Promise.reject(undefined);
  setTimeout(() => { throw new TypeError("no one catches this"); });
  setTimeout(() => { throw "text"; });
`;

Deno.test("main.ts logs and counts what nothing handled, and lives", TIME_LIMIT, async () => {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(entry, ENTRY);
  await using service = runTask("serve", { REDIS_URL: "redis://127.0.0.1:1" }, {
    args: ["--config", CONFIG, entry],
  });
  const url = await service.url;
  await eventually(async () => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return /unhandled_errors_total\{kind="rejection"\} 2\n/.test(text) &&
      /unhandled_errors_total\{kind="exception"\} 2\n/.test(text);
  });
  const lines = service.output().split("\n").filter((line) => line.includes("was not handled"));
  assertEquals(lines.length, 4);
  for (const words of ["RangeError: no one awaits this", "TypeError: no one catches this"]) {
    const line = lines.find((line) => line.includes(words));
    assertStringIncludes(line ?? "", '"level":"ERROR"');
    assertStringIncludes(line ?? "", '"stack":');
  }
  assertEquals(await service.stop(), 0);
  await Deno.remove(entry);
});
