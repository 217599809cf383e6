import { assertEquals } from "@std/assert";
import { startFixture } from "../fixture.ts";
import { encodeRequest } from "../resp_client.ts";

const OPTIONS = { timeout: 60_000 };

Deno.test("PUBLISH reaches every subscriber, in its own protocol", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const [older, newer] = [await fixture.connect(), await fixture.connect()];
  await newer.call("HELLO", "3");
  assertEquals(
    await older.call("SUBSCRIBE", "news"),
    "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
  );
  assertEquals(
    await newer.call("SUBSCRIBE", "news"),
    ">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
  );
  assertEquals(await client.call("PUBLISH", "news", "a\r\nb"), ":2\r\n");
  assertEquals(await older.read(), "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$4\r\na\r\nb\r\n");
  assertEquals(await newer.read(), ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$4\r\na\r\nb\r\n");
});

Deno.test("PUBLISH counts no subscribers that left", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  const subscriber = await fixture.connect();
  await subscriber.call("SUBSCRIBE", "news");
  await subscriber.call("UNSUBSCRIBE", "news");
  assertEquals(await client.call("PUBLISH", "news", "hello"), ":0\r\n");
  await subscriber.call("SUBSCRIBE", "news");
  await subscriber.write(encodeRequest(["QUIT"]));
  assertEquals(await subscriber.readToEnd(), "+OK\r\n");
  assertEquals(await client.call("PUBLISH", "news", "hello"), ":0\r\n");
});

Deno.test("PUBLISH replies before its own client receives the message", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("HELLO", "3");
  await client.call("SUBSCRIBE", "news");
  assertEquals(await client.call("PUBLISH", "news", "x"), ":1\r\n");
  assertEquals(await client.read(), ">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nx\r\n");
});

Deno.test("SUBSCRIBE confirms each channel and counts it once", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  assertEquals(
    await client.call("SUBSCRIBE", "a", "a"),
    "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n",
  );
  assertEquals(await client.read(), "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n");
});

Deno.test(
  "UNSUBSCRIBE without channels leaves all, or confirms that there were none",
  OPTIONS,
  async () => {
    await using fixture = await startFixture();
    const { client } = fixture;
    assertEquals(await client.call("UNSUBSCRIBE"), "*3\r\n$11\r\nunsubscribe\r\n$-1\r\n:0\r\n");
    await client.call("SUBSCRIBE", "a");
    await client.call("SUBSCRIBE", "b");
    assertEquals(await client.call("UNSUBSCRIBE"), "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n");
    assertEquals(await client.read(), "*3\r\n$11\r\nunsubscribe\r\n$1\r\nb\r\n:0\r\n");
    await client.call("HELLO", "3");
    assertEquals(await client.call("UNSUBSCRIBE"), ">3\r\n$11\r\nunsubscribe\r\n_\r\n:0\r\n");
  },
);

Deno.test("SUBSCRIBE limits a RESP2 client to a few commands", OPTIONS, async () => {
  await using fixture = await startFixture();
  const { client } = fixture;
  await client.call("SUBSCRIBE", "news");
  assertEquals(await client.call("PING"), "*2\r\n$4\r\npong\r\n$0\r\n\r\n");
  assertEquals(await client.call("PING", "x"), "*2\r\n$4\r\npong\r\n$1\r\nx\r\n");
  assertEquals(
    await client.call("GET", "key"),
    "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET " +
      "are allowed in this context\r\n",
  );
});
