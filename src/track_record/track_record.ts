import { type Average, DAY_MS, HOUR_MS, MINUTE_MS, startOfHour } from "../samples/bucket.ts";
import type { PerMetric } from "../samples/sample.ts";
import { WINDOW_HOURS } from "../summary/summary.ts";
import { computeHorizon, KNOWN_AFTER_HOURS } from "./horizon.ts";
import { findHourStates, findRuns, type HourRun, layOutHours } from "./hour_states.ts";
import { computePayoff, DEFAULT_FEE_PERCENT, type PayoffHours } from "./payoff.ts";
import type { Horizon, Span, TrackRecord } from "./wire.ts";

/** How long after an hour's end its last samples may arrive, in milliseconds. */
export const SETTLE_MS = 15 * MINUTE_MS;

/** For how many hours the price is followed. */
const HORIZONS_HOURS = [1, 3, 24] as const;

/** The hours before the period whose states count: they decide about the first hours of the pay-off. */
const LEADING_STATES = KNOWN_AFTER_HOURS;

/** With the windows of those states. */
const LEADING_HOURS = LEADING_STATES + WINDOW_HOURS - 1;

/** Which track record to compute. */
export interface TrackRecordOptions {
  readonly feed: string;
  /** How many days the period has. */
  readonly days: number;
  /** The older of the two series' newest timestamps, in Unix ms; its hour is not completed. */
  readonly asOf: number;
}

/** A record with the default fee, and what the pay-off with another fee is computed from. */
export interface ComputedRecord {
  readonly record: TrackRecord;
  readonly payoffHours: PayoffHours;
}

/** Writing the times of so many takes about 10 ms. */
const SPANS_PER_PIECE = 5_000;

/** How many days are looked at unless a client says so. */
const DEFAULT_DAYS = 30;

/** The most days that can be looked at. */
export function maxDaysOf(retentionMs: number): number {
  return Math.floor(retentionMs / DAY_MS);
}

/** The days that are looked at unless a client says so: 30, or the retention if that is shorter. */
export function defaultDays(retentionMs: number): number {
  return Math.min(DEFAULT_DAYS, maxDaysOf(retentionMs));
}

/** Computes all pieces of {@linkcode computeInPieces} at once. */
export function computeTrackRecord(
  averages: PerMetric<readonly Average[]>,
  options: TrackRecordOptions,
): ComputedRecord {
  const pieces = computeInPieces(averages, options);
  let piece = pieces.next();
  while (!piece.done) piece = pieces.next();
  return piece.value;
}

/**
 * Compares what the price did after spells with what it did after any hour; yields after each piece,
 * since ten years of hours in one piece would keep every reader waiting for 0.1 s.
 *
 * A state needs both metrics, an outcome only the price: it would be wrong to drop an outcome that
 * happened because the sentiment of that hour is missing. Hours before the period complete the
 * windows of its first hours, and show whether a spell starts with its first hour.
 *
 * @param averages hourly averages, prices positive, from {@linkcode startOfTrackRecord} on
 */
export function* computeInPieces(
  averages: PerMetric<readonly Average[]>,
  { feed, days, asOf }: TrackRecordOptions,
): Generator<undefined, ComputedRecord, undefined> {
  const start = startOfTrackRecord(asOf, days);
  const to = startOfHour(asOf);
  const price = layOutHours(averages.price, start, to);
  yield;
  const sentiment = layOutHours(averages.sentiment, start, to);
  yield;
  const states = findHourStates({ price, sentiment });
  yield;
  const runs = findRuns(states, LEADING_HOURS - 1);
  const spellStarts = findSeenStarts(runs);
  const { lit = [], unlit = [], unknown = [] } = Object.groupBy(clip(runs), ({ state }) => state);
  yield;
  const knownHours = [...lit, ...unlit].flatMap(hoursOf);
  const horizons: Horizon[] = [];
  for (const hours of HORIZONS_HOURS) {
    yield;
    horizons.push(computeHorizon({ hours, spellStarts, knownHours, prices: price }));
  }
  yield;
  const payoffHours = { start, from: LEADING_HOURS, prices: price, states };
  const record = {
    feed,
    from: timeOf(start, LEADING_HOURS),
    to: timeOf(start, price.length),
    hours: 24 * days,
    known_hours: knownHours.length,
    lit_hours: lit.reduce((sum, { from, to }) => sum + to - from, 0),
    spells: yield* toSpans(start, lit),
    unknown: yield* toSpans(start, unknown),
    horizons,
    payoff: computePayoff(payoffHours, DEFAULT_FEE_PERCENT),
  };
  return { record, payoffHours };
}

/** The start of the first hour that a track record uses, in Unix milliseconds. */
export function startOfTrackRecord(asOf: number, days: number): number {
  return startOfHour(asOf) - (24 * days + LEADING_HOURS) * HOUR_MS;
}

/** The first hours of spells after a known hour; any other spell may have begun earlier. */
function findSeenStarts(runs: readonly HourRun[]): number[] {
  return runs
    .filter(({ state }, i) => state === "lit" && runs[i - 1]?.state === "unlit")
    .map(({ from }) => from);
}

/** Cuts off what lies before the period. */
function clip(runs: readonly HourRun[]): HourRun[] {
  return runs
    .filter(({ to }) => to > LEADING_HOURS)
    .map(({ from, to, state }) => ({ from: Math.max(from, LEADING_HOURS), to, state }));
}

function hoursOf({ from, to }: HourRun): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function* toSpans(
  start: number,
  runs: readonly HourRun[],
): Generator<undefined, Span[], undefined> {
  const spans: Span[] = [];
  for (const { from, to } of runs) {
    if (spans.length > 0 && spans.length % SPANS_PER_PIECE === 0) yield;
    spans.push({ from: timeOf(start, from), to: timeOf(start, to) });
  }
  return spans;
}

/** The start of an hour, ISO 8601; hour 0 starts at `start`. */
function timeOf(start: number, hour: number): string {
  return new Date(start + hour * HOUR_MS).toISOString();
}
