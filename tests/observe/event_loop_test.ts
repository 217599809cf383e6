import { assert } from "@std/assert";
import { monitorEventLoop } from "../../src/observe/event_loop.ts";
import { block } from "../helpers/block.ts";
import { eventually } from "../helpers/eventually.ts";

const TIME_LIMIT = { timeout: 60_000 };

Deno.test(
  "monitorEventLoop() sees a delay of 0.1 s, however often it is read",
  TIME_LIMIT,
  async () => {
    const monitor = monitorEventLoop();
    try {
      block(120);
      const delay = await eventually(() => monitor.read() || undefined);
      assert(delay >= 0.08 && delay < 5, `${delay} s`);
      assert(monitor.read() >= delay);
    } finally {
      monitor.stop();
    }
  },
);

Deno.test("monitorEventLoop() forgets a delay after its window", TIME_LIMIT, async () => {
  const monitor = monitorEventLoop({ windowMs: 50 });
  try {
    block(300);
    const delay = await eventually(() => monitor.read() || undefined);
    // A busy machine may delay a timer as well.
    await eventually(() => monitor.read() < delay / 2);
  } finally {
    monitor.stop();
  }
});

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
