import { assert, assertEquals } from "@std/assert";
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

/** A monitor whose timer and clock a test moves on, by a turn of so many milliseconds. */
function setUpMonitor() {
  const { setInterval } = globalThis;
  const { now } = performance;
  let elapsed = 0;
  let beat = () => {};
  const periods: number[] = [];
  Object.assign(globalThis, {
    setInterval: (run: () => void, ms: number) => {
      beat = run;
      periods.push(ms);
      return setInterval(() => {}, 60_000);
    },
  });
  performance.now = () => elapsed;
  const monitor = monitorEventLoop();
  return {
    monitor,
    periods,
    turn(ms: number) {
      elapsed += ms;
      beat();
    },
    [Symbol.dispose]() {
      monitor.stop();
      Object.assign(globalThis, { setInterval });
      performance.now = now;
    },
  };
}

Deno.test(
  "monitorEventLoop() reports a delay for a minute, and five seconds at most",
  TIME_LIMIT,
  () => {
    using parts = setUpMonitor();
    assertEquals(parts.periods, [20]);
    parts.turn(520);
    assertEquals(parts.monitor.read(), 0.5);
    for (let ms = 20; ms <= 60_000; ms += 20) {
      parts.turn(20);
      assertEquals(parts.monitor.read(), 0.5);
    }
    for (let ms = 20; ms < 4_000; ms += 20) parts.turn(20);
    assertEquals(parts.monitor.read(), 0.5);
    for (let ms = 20; ms <= 1_100; ms += 20) parts.turn(20);
    assertEquals(parts.monitor.read(), 0);
  },
);

Deno.test(
  "monitorEventLoop() counts a delay longer than a part in full from its end",
  TIME_LIMIT,
  () => {
    using parts = setUpMonitor();
    parts.turn(10_020);
    for (let ms = 20; ms <= 60_000; ms += 20) parts.turn(20);
    assertEquals(parts.monitor.read(), 10);
  },
);
