import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startFixture } from "./fixture.ts";
import { RespClient } from "./resp_client.ts";

/** Starting a process takes longer than a request. */
const OPTIONS = { timeout: 60_000 };
const ENTRY = new URL("../../../dev/redis.ts", import.meta.url).href;

function command(...flags: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net=127.0.0.1", ENTRY, ...flags],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function readLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text;
}

Deno.test.each([["SIGINT"], ["SIGTERM"]] as const)(
  "dev/redis.ts prints its address, and exits with 0 on %s",
  OPTIONS,
  async (signal) => {
    const child = command("--port", "0").spawn();
    const line = await readLine(child.stdout);
    assertMatch(line, /^Embedded Redis listens on redis:\/\/127\.0\.0\.1:\d+\n$/);
    using client = await RespClient.connect(Number(line.match(/\d+$/m)?.[0]));
    assertEquals(await client.call("PING"), "+PONG\r\n");
    child.kill(signal);
    assertEquals((await child.status).code, 0);
    await child.stderr.cancel();
  },
);

const FAULTS: [flags: string, message: string][] = [
  ["--prot 1", "Unknown option '--prot'"],
  ["--port six", `--port must be a whole number up to 65535, not "six"`],
  ["--port 65536", `--port must be a whole number up to 65535, not "65536"`],
];

Deno.test.each(FAULTS)("dev/redis.ts refuses %s", OPTIONS, async (flags, message) => {
  const { code, stderr } = await command(...flags.split(" ")).output();
  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), message);
});

Deno.test("dev/redis.ts suggests another port when its port is in use", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { code, stderr } = await command("--port", String(fixture.port)).output();
  assertEquals(code, 1);
  assertEquals(
    new TextDecoder().decode(stderr),
    `Port ${fixture.port} is in use: stop what listens there, or choose another with --port\n`,
  );
});
