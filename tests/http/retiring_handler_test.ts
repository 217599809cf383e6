import { assertEquals } from "@std/assert";
import { RetiringHandler } from "../../src/http/serve.ts";

const REQUEST = new Request("http://localhost/");

/** A handler whose pauses a test sees, and whose clients ask once per pause so often. */
function setUp(requestsToCome = 0) {
  const pauses: number[] = [];
  const asked: Promise<Response>[] = [];
  const handler = new RetiringHandler(() => new Response("here"), async (ms) => {
    pauses.push(ms);
    if (asked.length < requestsToCome) asked.push(Promise.resolve(handler.fetch(REQUEST)));
    await asked.at(-1);
  });
  return { handler, pauses, asked };
}

Deno.test(
  "RetiringHandler.fetch leaves answers alone before it retires",
  { timeout: 60_000 },
  async () => {
    const { handler } = setUp();
    const response = await handler.fetch(REQUEST);
    assertEquals([await response.text(), response.headers.get("connection")], ["here", null]);
  },
);

Deno.test("RetiringHandler.retire() asks clients to close until no requests arrive", {
  timeout: 60_000,
}, async () => {
  const { handler, pauses, asked } = setUp(3);
  await handler.retire();
  assertEquals(pauses, [100, 100, 100, 100]);
  for (const response of await Promise.all(asked)) {
    assertEquals([await response.text(), response.headers.get("connection")], ["here", "close"]);
  }
});

Deno.test("RetiringHandler.retire() takes 1 s at most", { timeout: 60_000 }, async () => {
  const { handler, pauses } = setUp(Infinity);
  await handler.retire();
  assertEquals(pauses.length, 10);
});
