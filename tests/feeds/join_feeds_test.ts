import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FeedError, type FeedFault } from "../../src/core/errors.ts";
import type { Feed } from "../../src/core/ports.ts";
import { joinFeeds } from "../../src/feeds/join_feeds.ts";
import { NOW, pairAt } from "../helpers/samples.ts";

const SIGNAL = new AbortController().signal;

function answering(name: string, timestamp: number, rejected: number): Feed {
  const samples = pairAt(timestamp);
  return { name, fetchSamples: () => Promise.resolve({ samples, rejected }) };
}

function failing(name: string, error: Error): Feed {
  return { name, fetchSamples: () => Promise.reject(error) };
}

function fault(fault: FeedFault, retryAfterMs?: number): FeedError {
  return new FeedError(fault, `${fault}!`, { retryAfterMs, cause: new Error(`why ${fault}`) });
}

Deno.test("joinFeeds() gives the samples of all sources", async () => {
  const feed = joinFeeds("both", [answering("a", NOW, 1), answering("b", NOW + 1, 2)]);
  assertEquals(feed.name, "both");
  assertEquals(await feed.fetchSamples(SIGNAL), {
    ...{ samples: [...pairAt(NOW), ...pairAt(NOW + 1)], rejected: 3, failures: [] },
  });
});

Deno.test("joinFeeds() asks all sources at once", async () => {
  const gate = Promise.withResolvers<void>();
  const waiting: Feed = {
    name: "a",
    fetchSamples: () => gate.promise.then(() => ({ samples: [], rejected: 0 })),
  };
  const opening: Feed = {
    name: "b",
    fetchSamples() {
      gate.resolve();
      return Promise.resolve({ samples: [], rejected: 0 });
    },
  };
  assertEquals((await joinFeeds("both", [waiting, opening]).fetchSamples(SIGNAL)).rejected, 0);
});

Deno.test("joinFeeds() reports a source that fails beside the samples of the others", async () => {
  const error = fault("timeout");
  const feed = joinFeeds("both", [failing("a", error), answering("b", NOW, 1)]);
  assertEquals(await feed.fetchSamples(SIGNAL), {
    ...{ samples: pairAt(NOW), rejected: 1, failures: [{ source: "a", error }] },
  });
});

Deno.test.each(
  [
    { a: "timeout", b: "timeout", all: "timeout" },
    { a: "timeout", b: "unavailable", all: "unavailable" },
    { a: "invalid", b: "unavailable", all: "unavailable" },
    { a: "timeout", b: "invalid", all: "invalid" },
    { a: "invalid", b: "invalid", all: "invalid" },
  ] as const,
)("joinFeeds() calls $a and $b $all", async ({ a, b, all }) => {
  const feed = joinFeeds("both", [failing("a", fault(a)), failing("b", fault(b))]);
  const error = await assertRejects(() => feed.fetchSamples(SIGNAL), FeedError, `${a}!; ${b}!`);
  assertEquals(error.fault, all);
  assertStringIncludes(String(error.cause), `why ${a}; why ${b}`);
});

Deno.test.each([
  { waits: [90_000, 60_000], all: 60_000 },
  { waits: [90_000, undefined], all: undefined },
  { waits: [undefined, undefined], all: undefined },
])("joinFeeds() is to be asked again as soon as one source is: $waits", async ({ waits, all }) => {
  const sources = waits.map((ms) => failing("a", fault("unavailable", ms)));
  const error = await assertRejects(
    () => joinFeeds("both", sources).fetchSamples(SIGNAL),
    FeedError,
  );
  assertEquals(error.retryAfterMs, all);
});

Deno.test("joinFeeds() lets an error through that is no feed's", async () => {
  const feed = joinFeeds("both", [answering("a", NOW, 0), failing("b", new TypeError("a bug"))]);
  await assertRejects(() => feed.fetchSamples(SIGNAL), TypeError, "a bug");
});
