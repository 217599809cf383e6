import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AddressError, FeedError } from "../../src/feeds/errors.ts";
import { type FetchOptions, fetchText } from "../../src/feeds/request.ts";
import { serveLocally } from "../helpers/local_server.ts";

const TIME_LIMIT = { timeout: 60_000 };

async function fetchFrom(url: string, options: Partial<FetchOptions> = {}): Promise<string> {
  const { text } = await fetchText(url, {
    name: "The source",
    headers: {},
    timeoutMs: 30_000,
    maxBytes: 1_000,
    maxRows: 100,
    signal: AbortSignal.timeout(30_000),
    ...options,
  });
  return text;
}

async function fetchFault(
  respond: (request: Request) => Response | Promise<Response>,
  options: Partial<FetchOptions> = {},
): Promise<FeedError> {
  await using server = serveLocally(respond);
  return await assertRejects(() => fetchFrom(server.url, options), FeedError);
}

function redirectTo(location: string, status = 302): Response {
  return new Response("elsewhere", { status, headers: { location } });
}

Deno.test("fetchText() calls a source that is down unavailable", TIME_LIMIT, async () => {
  const server = serveLocally(() => new Response("1"));
  await server[Symbol.asyncDispose]();
  const error = await assertRejects(() => fetchFrom(server.url), AddressError);
  assertEquals([error.fault, error.message], ["unavailable", "The source can't be reached"]);
});

Deno.test(
  "fetchText() calls a source that stalls, before or within its answer, too slow",
  TIME_LIMIT,
  async () => {
    const stalled = Promise.withResolvers<Response>();
    const before = await fetchFault(() => stalled.promise, { timeoutMs: 20 });
    stalled.resolve(new Response());
    const drip = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    });
    const within = await fetchFault(() => new Response(drip), { timeoutMs: 20 });
    assertEquals([before.fault, within.fault], ["timeout", "timeout"]);
    assertEquals(within.message, "The source took more than 20 ms");
  },
);

Deno.test("fetchText() ends when its signal aborts", TIME_LIMIT, async () => {
  const stalled = Promise.withResolvers<Response>();
  await using server = serveLocally(() => stalled.promise);
  const stop = new AbortController();
  const fetching = fetchFrom(server.url, { signal: stop.signal });
  stop.abort();
  await assertRejects(() => fetching, FeedError);
  stalled.resolve(new Response());
});

Deno.test.each([
  { location: "/new?page=1", status: 301 },
  { location: "new?page=1", status: 302 },
  { location: "/new?page=1", status: 303 },
  { location: "/new?page=1", status: 307 },
  { location: "/new?page=1", status: 308 },
])(
  "fetchText() follows $status to $location on the same origin",
  TIME_LIMIT,
  async ({ location, status }) => {
    await using server = serveLocally(({ url }) =>
      new URL(url).pathname === "/new" ? new Response(url) : redirectTo(location, status)
    );
    assertEquals(await fetchFrom(server.url), `${server.url}new?page=1`);
  },
);

Deno.test("fetchText() follows three redirects, and no fourth", TIME_LIMIT, async () => {
  function hop({ url }: Request): Response {
    const left = Number(new URL(url).searchParams.get("left"));
    return left === 0 ? new Response("here") : redirectTo(`?left=${left - 1}`);
  }
  await using server = serveLocally(hop);
  assertEquals(await fetchFrom(`${server.url}?left=3`), "here");
  const { fault, message } = await assertRejects(
    () => fetchFrom(`${server.url}?left=4`),
    FeedError,
  );
  assertEquals([fault, message], ["unavailable", "The source redirects more than 3 times"]);
});

Deno.test("fetchText() follows no redirect to another origin", TIME_LIMIT, async () => {
  await using other = serveLocally(() => new Response("inside of the network"));
  const port = new URL(other.url).port;
  const elsewhere = [other.url, `http://localhost:${port}/?key=secret`, `//127.0.0.1:${port}/`];
  for (const location of [...elsewhere, "https://user:secret@127.0.0.1/", "http://["]) {
    const error = await fetchFault(() => redirectTo(location));
    assertEquals([error.fault, error.message], [
      "unavailable",
      "The source redirects to another origin",
    ]);
    assertEquals(describe(error).includes("secret"), false);
  }
  assertEquals(other.requests, 0);
});

Deno.test("fetchText() quotes no URL in an error or its cause", TIME_LIMIT, async () => {
  const server = serveLocally(() => new Response("1"));
  await server[Symbol.asyncDispose]();
  const { host } = new URL(server.url);
  const url = `http://user:hunter2@${host}/path?api_key=abc)zyx&q=x y`;
  const down = await assertRejects(() => fetchFrom(url), FeedError);
  assertStringIncludes(describe(down), host);
  for (const secret of ["hunter2", "api_key", "abc", "zyx", "path"]) {
    assertEquals(describe(down).includes(secret), false, `${secret} is in ${describe(down)}`);
  }
});

Deno.test("fetchText() says why a source is away, reason by reason", TIME_LIMIT, async () => {
  const server = serveLocally(() => new Response("1"));
  await server[Symbol.asyncDispose]();
  const { cause } = await assertRejects(() => fetchFrom(server.url), FeedError);
  assertInstanceOf(cause, Error);
  assertMatch(
    cause.message,
    /^fetch failed: error sending request .*client error \(Connect\): .*refused/,
  );
});

Deno.test.each([
  { most: "1000 bytes", body: `"${"x".repeat(998)}"`, more: " " },
  { most: "40 objects and arrays", body: `[${"[],".repeat(38)}{}`, more: ",{}]" },
  { most: "100 values", body: `[${"0,".repeat(100)}`, more: "0,0]" },
])("fetchText() takes $most, and no more", TIME_LIMIT, async ({ most, body, more }) => {
  await using server = serveLocally(() => new Response(body));
  assertEquals(await fetchFrom(server.url, { maxRows: 20 }), body);
  const { fault, message } = await fetchFault(() => new Response(body + more), { maxRows: 20 });
  assertEquals([fault, message.includes(`more than ${most}`)], ["invalid", true], message);
});

/** What a log could show of an error. */
function describe(error: Error): string {
  assertInstanceOf(error.cause, Error);
  return Deno.inspect(error);
}
