import { assertEquals, assertStringIncludes } from "@std/assert";
import { startFixture } from "./redis/fixture.ts";

/** Starting a process takes longer than a request. */
const OPTIONS = { timeout: 60_000 };
const ENTRY = new URL("../../dev/redis_cli.ts", import.meta.url).href;

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: string[], { url = "", input = "" } = {}): Promise<Output> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-net", "--allow-env=REDIS_URL", ENTRY, ...args],
    env: { REDIS_URL: url, NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  return {
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

Deno.test("dev/redis_cli.ts prints replies as redis-cli does", OPTIONS, async () => {
  await using fixture = await startFixture();
  const input = [
    "TS.CREATE price LABELS metric price",
    "TS.MADD price 1000 0.5 price 2000 x",
    "",
    "TS.MRANGE - + WITHLABELS FILTER metric=price",
    `SET "a \\"key\\"" 'of two words'`,
    `get 'a "key"'`,
    "GET none",
    "KEYS none",
    "SET text 火了",
    "GET text",
    "NOPE",
  ].join("\n");
  const { code, stdout } = await run([], { url: `redis://localhost:${fixture.port}`, input });
  assertEquals(code, 0);
  assertEquals(
    stdout,
    `OK
1) (integer) 1000
2) (error) ERR TSDB: invalid value
1) 1) "price"
   2) 1) 1) "metric"
         2) "price"
   3) 1) 1) (integer) 1000
         2) 5E-1
OK
"of two words"
(nil)
(empty array)
OK
"火了"
(error) ERR unknown command 'NOPE', with args beginning with: \n`,
  );
});

Deno.test("dev/redis_cli.ts runs the command that its arguments give", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { code, stdout } = await run(["--port", String(fixture.port), "PING"]);
  assertEquals({ code, stdout }, { code: 0, stdout: "PONG\n" });
});

Deno.test(
  "dev/redis_cli.ts sends the password and the database of REDIS_URL",
  OPTIONS,
  async () => {
    await using fixture = await startFixture();
    const url = `redis://:wr%20ng@127.0.0.1:${fixture.port}/0`;
    const { stdout } = await run(["PING"], { url });
    assertEquals(stdout, "PONG\n");
    const statistics = await fixture.client.call("INFO", "commandstats");
    assertStringIncludes(statistics, "cmdstat_auth:");
    assertStringIncludes(statistics, "cmdstat_select:");
  },
);

const FAULTS: [args: string[], url: string, message: string][] = [
  [["--port", "six"], "", `--port must be a number, not "six"`],
  [["PING"], "rediss://localhost", "REDIS_URL must start with redis://, not rediss://"],
  [["PING"], "redis://127.0.0.1:1", "Start a server: deno task redis"],
];

Deno.test.each(FAULTS)(
  "dev/redis_cli.ts %j refuses %j: %s",
  OPTIONS,
  async (args, url, message) => {
    const { code, stderr } = await run(args, { url });
    assertEquals(code, 1);
    assertStringIncludes(stderr, message);
  },
);
