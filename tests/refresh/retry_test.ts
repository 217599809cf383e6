import { assertEquals, assertRejects } from "@std/assert";
import { retry, type RetryOptions } from "../../src/refresh/fetch_sources.ts";
import { eventually } from "../helpers/eventually.ts";

const LIMIT = { timeout: 60_000 };

/** What each try does, and sleeps that the test ends. */
function setUp(
  tries: ((signal: AbortSignal) => Promise<string>)[],
  given: Partial<RetryOptions> = {},
) {
  const stop = new AbortController();
  const sleeps: { ms: number; end: () => void }[] = [];
  let tried = 0;
  const done = retry(
    (signal) => tries[tried++]?.(signal) ?? Promise.reject(new Error("too often")),
    {
      tries: tries.length,
      withinMs: 20_000,
      isRetriable: () => true,
      random: () => 0.5,
      signal: stop.signal,
      sleep(ms, signal) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        signal.addEventListener("abort", () => reject(signal.reason));
        sleeps.push({ ms, end: resolve });
        return promise;
      },
      ...given,
    },
  );
  done.catch(() => {});
  return { done, stop, sleeps, tried: () => tried };
}

function fail(message: string): () => Promise<never> {
  return () => Promise.reject(new Error(message));
}

function succeed(value: string): () => Promise<string> {
  return () => Promise.resolve(value);
}

/** Fails when it is cut short. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("cut short")));
  });
}

Deno.test(
  "retry() returns the first success, and pauses longer after each failure",
  LIMIT,
  async () => {
    const { done, sleeps } = setUp([fail("a"), fail("b"), succeed("c")]);
    for (const pause of [1, 2]) {
      await eventually(() => sleeps.length > pause);
      sleeps[pause]?.end();
    }
    assertEquals(await done, "c");
    assertEquals(sleeps.map(({ ms }) => ms), [20_000, 1_000, 4_000]);
  },
);

Deno.test.each([{ random: 0, ms: 500 }, { random: 1, ms: 1_500 }])(
  "retry() pauses $ms ms when the random number is $random",
  LIMIT,
  async ({ random, ms }) => {
    const { sleeps, stop } = setUp([fail("a"), succeed("b")], { random: () => random });
    await eventually(() => sleeps[1]?.ms === ms);
    stop.abort();
  },
);

Deno.test("retry() fails with the last failure", LIMIT, async () => {
  const { done, sleeps, tried } = setUp([fail("a"), fail("b")]);
  await eventually(() => sleeps.length > 1);
  sleeps[1]?.end();
  await assertRejects(() => done, Error, "b");
  assertEquals(tried(), 2);
});

Deno.test(
  "retry() does not try again after a permanent error",
  LIMIT,
  async () => {
    const { done, tried } = setUp([fail("a"), succeed("b")], { isRetriable: () => false });
    await assertRejects(() => done, Error, "a");
    assertEquals(tried(), 1);
  },
);

Deno.test("retry() ends a try after 20 s, and fails as the one before did", LIMIT, async () => {
  const { done, sleeps, tried } = setUp([fail("a"), hang, succeed("c")]);
  await eventually(() => sleeps.length > 1);
  sleeps[1]?.end();
  await eventually(() => tried() === 2);
  sleeps[0]?.end();
  await assertRejects(() => done, Error, "a");
  assertEquals(tried(), 2);
});

Deno.test("retry() ends in a pause when its signal is aborted", LIMIT, async () => {
  const { done, sleeps, stop, tried } = setUp([fail("a"), succeed("b")]);
  await eventually(() => sleeps.length > 1);
  stop.abort();
  await assertRejects(() => done, Error, "a");
  assertEquals(tried(), 1);
});

Deno.test("retry() ends in a try when its signal is aborted", LIMIT, async () => {
  const { done, stop, tried } = setUp([hang, succeed("b")]);
  stop.abort();
  await assertRejects(() => done, Error, "cut short");
  assertEquals(tried(), 1);
});

Deno.test("retry() leaves no sleep behind", LIMIT, async () => {
  let left = 0;
  await setUp([succeed("a")], {
    sleep(_ms, signal) {
      left++;
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(left--));
      });
    },
  }).done;
  assertEquals(left, 0);
});
