import { assertEquals, assertStringIncludes } from "@std/assert";
import { startFixture } from "../fixture.ts";

const OPTIONS = { timeout: 60_000 };

Deno.test("HELLO switches the protocol and describes the server", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const description = (id: string, protocol: string) =>
    "$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n8.6.3\r\n" +
    `$5\r\nproto\r\n:${protocol}\r\n$2\r\nid\r\n${id}$4\r\nmode\r\n$10\r\nstandalone\r\n` +
    "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n";
  const id = await client.call("CLIENT", "ID");
  assertEquals(await client.call("HELLO", "3"), "%7\r\n" + description(id, "3"));
  assertEquals(await client.call("HELLO"), "%7\r\n" + description(id, "3"));
  assertEquals(await client.call("HELLO", "2"), "*14\r\n" + description(id, "2"));
});

Deno.test("HELLO accepts a user and a name", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const reply = await client.call("HELLO", "3", "AUTH", "default", "any", "SETNAME", "feed");
  assertStringIncludes(reply, "%7\r\n");
  assertEquals(await client.call("CLIENT", "GETNAME"), "$4\r\nfeed\r\n");
});

Deno.test("HELLO that fails changes nothing", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("HELLO", "3", "SETNAME", "feed", "BOGUS");
  assertEquals(await client.call("GET", "missing"), "$-1\r\n");
  assertEquals(await client.call("CLIENT", "GETNAME"), "$-1\r\n");
});

const SPECIAL = "cannot contain spaces, newlines or special characters.";
const REPLIES: [request: string[], reply: string][] = [
  [["HELLO", "4"], "-NOPROTO unsupported protocol version"],
  [["HELLO", "x"], "-ERR Protocol version is not an integer or out of range"],
  [["HELLO", "3", "AUTH", "default"], "-ERR Syntax error in HELLO option 'AUTH'"],
  [["HELLO", "3", "BOGUS"], "-ERR Syntax error in HELLO option 'BOGUS'"],
  [["HELLO", "3", "SETNAME", "a b"], `-ERR Client names ${SPECIAL}`],
  [
    ["AUTH", "other", "x"],
    "-WRONGPASS invalid username-password pair or user is disabled.",
  ],
  [["AUTH", "default", "x"], "+OK"],
  [["AUTH"], "-ERR wrong number of arguments for 'auth' command"],
  [
    ["AUTH", "x"],
    "-ERR AUTH <password> called without any password configured for the default user. " +
    "Are you sure your configuration is correct?",
  ],
  [["SELECT", "0"], "+OK"],
  [["SELECT", "1"], "-ERR this server has one database: use SELECT 0"],
  [["SELECT", "16"], "-ERR DB index is out of range"],
  [["SELECT", "-1"], "-ERR DB index is out of range"],
  [["SELECT", "x"], "-ERR value is not an integer or out of range"],
  [
    ["SELECT", "9999999999"],
    "-ERR value is out of range, value must between -2147483648 and 2147483647",
  ],
  [["PING", "a", "b"], "-ERR wrong number of arguments for 'ping' command"],
  [["CLIENT"], "-ERR wrong number of arguments for 'client' command"],
  [["CLIENT", "NOPE"], "-ERR unknown subcommand 'NOPE'. Try CLIENT HELP."],
  [["CLIENT", "ID", "x"], "-ERR wrong number of arguments for 'client|id' command"],
  [["CLIENT", "SETNAME", "feed"], "+OK"],
  [["CLIENT", "SETNAME", "a b"], `-ERR Client names ${SPECIAL}`],
  [["CLIENT", "SETINFO", "LIB-NAME", "ioredis"], "+OK"],
  [["CLIENT", "SETINFO", "LIB-NAME", "a b"], `-ERR lib-name ${SPECIAL}`],
  [["CLIENT", "SETINFO", "nope", "1"], "-ERR Unrecognized option 'nope'"],
  [["constructor"], "-ERR unknown command 'constructor', with args beginning with: "],
  [
    ["NOPE", "x".repeat(200), "y"],
    `-ERR unknown command 'NOPE', with args beginning with: '${"x".repeat(128)}' `,
  ],
];

Deno.test.each(REPLIES)("%j replies with %s", OPTIONS, async (request, reply) => {
  await using fixture = await startFixture();
  assertEquals(await fixture.client.call(...request), reply + "\r\n");
});
