/**
 * The promise of the service under faults, row by row: whole services that listen, their links to
 * Redis and to the feed harmed while clients read.
 *
 * @module
 */
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { endureFeed, endureFutureRows, endureHalfBadRows } from "./endure_feed.ts";
import {
  endureFailover,
  endureFlush,
  endureFromStart,
  endureLater,
  endureNoTimeSeries,
  endureRestart,
  endureSlowStart,
  endureWrongType,
} from "./endure_redis.ts";
import { FEED_FAULTS, ODD_ANSWERS } from "./feed_faults.ts";
import { AWAY, HANGING, REFUSING, REFUSING_WRITES, SLOW } from "./redis_faults.ts";

interface Row {
  readonly name: string;
  readonly ignore?: boolean;
  readonly endure: () => Promise<void>;
}

const ROWS: readonly Row[] = [
  ...FEED_FAULTS.map((fault) => row("feed down, slow, garbage, huge", fault, endureFeed)),
  ...ODD_ANSWERS.map((fault) => row("feed sound, if odd", fault, endureFeed)),
  { name: "feed half-bad: its good rows are stored", endure: endureHalfBadRows },
  { name: "a row from the future, or in the wrong unit: rejected", endure: endureFutureRows },
  ...AWAY.map((fault) => row("Redis away at start", fault, endureFromStart)),
  ...HANGING.map((fault) => row("Redis hangs at start", fault, endureFromStart)),
  ...REFUSING.map((fault) => row("Redis refuses at start", fault, endureFromStart)),
  { name: "Redis refuses at start: it has a key of another type", endure: endureWrongType },
  {
    name: "Redis refuses at start: it is Debian's, without time series",
    ignore: !HAS_REDIS_SERVER,
    endure: endureNoTimeSeries,
  },
  ...AWAY.map((fault) => row("Redis dies later", fault, endureLater)),
  ...HANGING.map((fault) => row("Redis hangs later", fault, endureLater)),
  ...REFUSING.map((fault) => row("Redis refuses later", fault, endureLater)),
  ...REFUSING_WRITES.map((fault) => row("Redis refuses writes later", fault, endureLater)),
  ...SLOW.map((fault) => row("Redis is slow", fault, endureLater)),
  { name: "Redis is slow at start: it takes 900 ms for each reply", endure: endureSlowStart },
  { name: "Redis fails over: a new connection finds the master", endure: endureFailover },
  { name: "Redis loses its data: it comes back empty", endure: endureRestart },
  { name: "Redis loses its data: it is emptied", endure: endureFlush },
];

// What steps that run side by side leave open cannot be told apart.
const SIDE_BY_SIDE = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

Deno.test("the service keeps working", { ...SIDE_BY_SIDE, timeout: 60_000 }, async (t) => {
  // Most of a fault is waiting: side by side, all take little longer than one.
  await Promise.all(
    ROWS.map(({ name, ignore = false, endure }) =>
      t.step({ name, ignore, fn: endure, ...SIDE_BY_SIDE })
    ),
  );
});

function row<Fault extends { name: string }>(
  promise: string,
  fault: Fault,
  endure: (fault: Fault) => Promise<void>,
): Row {
  return { name: `${promise}: it ${fault.name}`, endure: () => endure(fault) };
}
