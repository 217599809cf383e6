import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };

Deno.test("INFO commandstats counts calls, refused calls and errors", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("TS.CREATE", "series");
  await client.call("TS.RANGE", "series", "-", "+");
  await client.call("ts.range", "missing", "-", "+");
  await client.call("GET");
  await client.call("NOPE");
  const info = await client.call("INFO", "commandstats");
  assertMatch(info, /^\$\d+\r\n# Commandstats\r\n/);
  assertMatch(
    info,
    /^cmdstat_ts\.range:calls=2,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,failed_calls=1\r$/m,
  );
  assertStringIncludes(
    info,
    "cmdstat_get:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0\r\n",
  );
});

Deno.test("CONFIG RESETSTAT resets all counts", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("GET", "key");
  assertEquals(await client.call("CONFIG", "RESETSTAT"), "+OK\r\n");
  const info = await client.call("INFO", "COMMANDSTATS");
  assertMatch(
    info,
    /^\$\d+\r\n# Commandstats\r\ncmdstat_config\|resetstat:calls=1,[^\n]*\r\n\r\n$/,
  );
});

Deno.test("INFO shows clients that the server is ready", OPTIONS, async () => {
  await using fixture = await startFixture();
  const info = await fixture.client.call("INFO");
  assertStringIncludes(info, "# Server\r\nredis_version:8.6.3\r\n");
  assertStringIncludes(info, `\r\ntcp_port:${fixture.port}\r\n`);
  assertStringIncludes(info, "\r\nloading:0\r\n");
  assertStringIncludes(info, "\r\nrole:master\r\n");
  assertEquals(info.includes("# Commandstats"), false);
});

Deno.test("INFO of an unknown section is empty", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  assertEquals(await client.call("INFO", "nope"), "$0\r\n\r\n");
  await client.call("HELLO", "3");
  assertEquals(await client.call("INFO", "nope"), "=4\r\ntxt:\r\n");
});
