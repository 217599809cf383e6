import { assert } from "@std/assert";
import { monitorEventLoop } from "../../src/observe/event_loop.ts";
import { eventually } from "../helpers/eventually.ts";

const TIME_LIMIT = { timeout: 10_000 };

/** Blocks the event loop, so that no timer runs. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

Deno.test(
  "monitorEventLoop() sees a delay of 0.1 s, and forgets it once it is read",
  TIME_LIMIT,
  async () => {
    const monitor = monitorEventLoop();
    try {
      block(120);
      const delay = await eventually(() => monitor.read() || undefined);
      assert(delay >= 0.08 && delay < 5, `${delay} s`);
      // A busy machine may delay a timer as well; a delay that was read never comes back.
      await eventually(() => monitor.read() < delay / 2);
    } finally {
      monitor.stop();
    }
  },
);

Deno.test("monitorEventLoop() reports the longest of several delays", TIME_LIMIT, async () => {
  const monitor = monitorEventLoop();
  try {
    for (const ms of [20, 150, 20]) {
      block(ms);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const delay = await eventually(() => monitor.read() || undefined);
    assert(delay >= 0.1, `${delay} s`);
  } finally {
    monitor.stop();
  }
});
