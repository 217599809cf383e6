/**
 * The service keeps its promises under each fault: whole services run behind faulty links to Redis
 * and to the feed while clients read.
 *
 * @module
 */
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { surviveFeed, surviveFutureRows, surviveHalfBadRows } from "./survive_feed.ts";
import {
  surviveFailover,
  surviveFlush,
  surviveFromStart,
  surviveHidingSample,
  surviveLater,
  surviveNaN,
  surviveNoTimeSeries,
  surviveRestart,
  surviveSlowStart,
  surviveWrongType,
} from "./survive_redis.ts";
import { FEED_FAULTS, ODD_ANSWERS } from "./feed_faults.ts";
import {
  AWAY,
  HANGING,
  KILLING_SUBSCRIBERS,
  REFUSING,
  REFUSING_WRITES,
  SLOW,
} from "./redis_faults.ts";

interface Row {
  readonly name: string;
  readonly ignore?: boolean;
  readonly survive: () => Promise<void>;
}

const ROWS: readonly Row[] = [
  ...FEED_FAULTS.map((fault) => row("feed down, slow, garbage, huge", fault, surviveFeed)),
  ...ODD_ANSWERS.map((fault) => row("feed unusual but valid", fault, surviveFeed)),
  { name: "feed half-bad: its good rows are stored", survive: surviveHalfBadRows },
  { name: "a row from the future, or in the wrong unit: rejected", survive: surviveFutureRows },
  ...AWAY.map((fault) => row("Redis away at start", fault, surviveFromStart)),
  ...HANGING.map((fault) => row("Redis hangs at start", fault, surviveFromStart)),
  ...REFUSING.map((fault) => row("Redis refuses at start", fault, surviveFromStart)),
  { name: "Redis refuses at start: it has a key of another type", survive: surviveWrongType },
  {
    name: "Redis refuses at start: it has no time series",
    ignore: !HAS_REDIS_SERVER,
    survive: surviveNoTimeSeries,
  },
  ...AWAY.map((fault) => row("Redis dies later", fault, surviveLater)),
  ...HANGING.map((fault) => row("Redis hangs later", fault, surviveLater)),
  ...REFUSING.map((fault) => row("Redis refuses later", fault, surviveLater)),
  ...REFUSING_WRITES.map((fault) => row("Redis refuses writes later", fault, surviveLater)),
  ...SLOW.map((fault) => row("Redis is slow", fault, surviveLater)),
  ...KILLING_SUBSCRIBERS.map((fault) => row("Redis ends subscriptions", fault, surviveLater)),
  { name: "Redis is slow at start: it takes 900 ms for each reply", survive: surviveSlowStart },
  { name: "Redis fails over: a new connection finds the master", survive: surviveFailover },
  { name: "Redis loses its data: it comes back empty", survive: surviveRestart },
  { name: "Redis loses its data: it is emptied", survive: surviveFlush },
  { name: "a series has values that are no numbers: left out", survive: surviveNaN },
  ...[8_700_000_000_000_000, Date.now() + 172_800_000].map((
    timestamp,
  ) => ({
    name: `a series has a sample far in the future: at ${timestamp}`,
    survive: () => surviveHidingSample(timestamp),
  })),
];

/** As many services as one thread runs without being late. */
const STEPS_AT_ONCE = 6;

// The sanitizers cannot attribute what is open to one of several parallel steps.
const SIDE_BY_SIDE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

Deno.test("the service keeps working", { ...SIDE_BY_SIDE, timeout: 300_000 }, async (t) => {
  const left = ROWS.values();
  // Most of each step is waiting.
  await Promise.all(Array.from({ length: STEPS_AT_ONCE }, async () => {
    for (const { name, ignore = false, survive } of left) {
      await t.step({ name, ignore, fn: survive, ...SIDE_BY_SIDE });
    }
  }));
});

function row<Fault extends { name: string }>(
  promise: string,
  fault: Fault,
  survive: (fault: Fault) => Promise<void>,
): Row {
  return { name: `${promise}: it ${fault.name}`, survive: () => survive(fault) };
}
