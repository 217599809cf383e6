import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { assert, assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { Content, createContentCache } from "../../src/http/content.ts";

const TIME_LIMIT = { timeout: 60_000 };
const BODY = "Is Bitcoin lit? ".repeat(100);

const DECODERS = {
  identity: (bytes: Uint8Array) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
} as const;

function createContent(body = BODY, vary?: string) {
  const headers = { "content-type": "text/plain", "cache-control": "no-cache" };
  return new Content({ body, revision: 7, headers, ...vary !== undefined && { vary } });
}

function request(headers: Record<string, string>) {
  return new Request("http://localhost/", { headers });
}

Deno.test.each(["identity", "gzip", "br"] as const)(
  "Content.reply() answers in %s, with an entity tag of its own",
  TIME_LIMIT,
  async (encoding) => {
    const content = createContent();
    const response = await content.reply(request({ "accept-encoding": encoding }));
    const { headers } = response;
    assertEquals(headers.get("content-encoding"), encoding === "identity" ? null : encoding);
    const body = new Uint8Array(await response.arrayBuffer());
    assertEquals(new TextDecoder().decode(DECODERS[encoding](body)), BODY);
    const suffix = encoding === "identity" ? "" : `\\.${encoding}`;
    const etag = headers.get("etag") ?? "";
    assertMatch(etag, new RegExp(`^"7-[\\w-]{22}${suffix}"$`));

    const known = { "accept-encoding": encoding, "if-none-match": etag };
    const again = await content.reply(request(known));
    assertEquals([again.status, await again.text()], [304, ""]);
    for (const name of ["etag", "vary", "cache-control"]) {
      assertEquals(again.headers.get(name), headers.get(name), name);
    }
    assertEquals(headers.get("vary"), "accept-encoding");
  },
);

Deno.test(
  "Content.reply() answers 200 to a client that has another encoding",
  TIME_LIMIT,
  async () => {
    const content = createContent();
    const gzip = await content.reply(request({ "accept-encoding": "gzip" }));
    const etag = gzip.headers.get("etag") ?? "";
    await gzip.body?.cancel();
    for (const encoding of ["br", "identity"]) {
      const known = { "accept-encoding": encoding, "if-none-match": etag };
      const response = await content.reply(request(known));
      assertEquals([encoding, response.status], [encoding, 200]);
      await response.body?.cancel();
    }
  },
);

Deno.test("Content.reply() compresses once per encoding", TIME_LIMIT, async () => {
  const parts = Array.from({ length: 20_000 }, (_, i) => `${i * 7919 % 104729}`);
  const content = createContent(parts.join(" "));
  for (const encoding of ["gzip", "br"]) {
    const buffers = new Set<ArrayBuffer>();
    for (let i = 0; i < 5; i++) {
      const { body } = await content.reply(request({ "accept-encoding": encoding }));
      for await (const chunk of body ?? []) buffers.add(chunk.buffer);
    }
    assertEquals(buffers.size, 1, encoding);
  }
});

Deno.test("Content.reply() leaves a small body as it is", TIME_LIMIT, async () => {
  const response = await createContent("x".repeat(1_023)).reply(
    request({ "accept-encoding": "br" }),
  );
  assertEquals(response.headers.get("content-encoding"), null);
  assertEquals(response.headers.get("vary"), "accept-encoding");
  const larger = await createContent("x".repeat(1_024)).reply(request({ "accept-encoding": "br" }));
  assertEquals(larger.headers.get("content-encoding"), "br");
  await larger.body?.cancel();
});

Deno.test("Content.reply() streams a body above 16 KB as it is read", TIME_LIMIT, async () => {
  const body = Array.from({ length: 5_000 }, (_, i) => `${i}`.padStart(10)).join("");
  const content = createContent(body);
  const response = await content.reply(request({}));
  assertEquals(response.headers.get("content-length"), "50000");
  assertEquals(await response.text(), body);
  const known = request({ "if-none-match": response.headers.get("etag") ?? "" });
  const { status, headers } = await content.reply(known);
  assertEquals([status, headers.get("content-length")], [304, null]);
  const abandoned = await content.reply(request({}));
  await abandoned.body?.cancel();
  assertEquals(await (await content.reply(request({}))).text(), body);
});

Deno.test.each([16_383, 16_384, 16_385, 32_768, 32_769])(
  "Content.reply() sends %d bytes whole",
  TIME_LIMIT,
  async (bytes) => {
    const response = await createContent("x".repeat(bytes)).reply(request({}));
    assertEquals((await response.arrayBuffer()).byteLength, bytes);
  },
);

Deno.test("Content.reply() lists in Vary what its choice depends on", TIME_LIMIT, async () => {
  const response = await createContent(BODY, "accept-language").reply(request({}));
  assertEquals(response.headers.get("vary"), "accept-encoding, accept-language");
  await response.body?.cancel();
});

Deno.test("createContentCache() returns one content per source", TIME_LIMIT, () => {
  const contentOf = createContentCache(({ text }: { text: string }) => ({
    body: text,
    headers: {},
  }));
  const source = { text: "a" };
  assertStrictEquals(contentOf(source), contentOf(source));
  assert(contentOf(source) !== contentOf({ text: "a" }));
});
