import { FEED_FAULTS, FeedError } from "../feeds/errors.ts";
import type { Source, SourceAnswer } from "../feeds/feed.ts";
import type { Log } from "../log.ts";
import type { Sleep } from "../samples/clock.ts";

const WITHIN_MS = 20_000;

/** How sources are asked. */
export interface FetchSourcesOptions {
  /** How often each source is asked before it counts as failed. */
  tries: number;
  /** How long all tries may take, in milliseconds, if that is less than 20 s. */
  withinMs?: number;
  sleep: Sleep;
  random: () => number;
  signal: AbortSignal;
  log: Log;
}

/** One source that returned no samples. */
export interface SourceFailure {
  readonly source: string;
  readonly error: FeedError;
}

/** What a feed's sources answered, by source name, and which failed. */
export interface SourceAnswers {
  readonly answers: ReadonlyMap<string, SourceAnswer>;
  readonly failures: readonly SourceFailure[];
}

/**
 * Asks all sources at once; one that fails is asked again by itself. Whatever one of them throws is its
 * own failure, and is logged.
 */
export async function fetchSources(
  sources: readonly Source[],
  options: FetchSourcesOptions,
): Promise<SourceAnswers> {
  const outcomes = await Promise.all(sources.map((source) => fetchSource(source, options)));
  const answers = outcomes.flatMap(({ source, answer }) =>
    answer === undefined ? [] : [[source, answer] as const]
  );
  const failures = outcomes.flatMap(({ source, error }) =>
    error === undefined ? [] : [{ source, error }]
  );
  return { answers: new Map(answers), failures };
}

interface SourceOutcome {
  readonly source: string;
  readonly answer?: SourceAnswer;
  readonly error?: FeedError;
}

async function fetchSource(source: Source, options: FetchSourcesOptions): Promise<SourceOutcome> {
  const { name } = source;
  try {
    return { source: name, answer: await fetchWithRetries(source, options) };
  } catch (error) {
    if (error instanceof FeedError) {
      options.log.warn("a source failed", { source: name, error });
      return { source: name, error };
    }
    options.log.error("a source failed unexpectedly", { source: name, error });
    const message = `${name}'s answer could not be handled: see the log`;
    return { source: name, error: new FeedError("invalid", message, { cause: error }) };
  }
}

function fetchWithRetries(source: Source, options: FetchSourcesOptions): Promise<SourceAnswer> {
  return retry((signal) => source.fetchSamples(signal), {
    ...options,
    withinMs: Math.min(options.withinMs ?? WITHIN_MS, WITHIN_MS),
    isRetriable: (error) => error instanceof FeedError && error.isRetriable,
  });
}

/** Joins the failures of all sources into one error: `timeout` only if all were too slow. */
export function joinFailures(failures: readonly SourceFailure[]): FeedError {
  const errors = failures.map(({ error }) => error);
  const fault = FEED_FAULTS.find((fault) => errors.some((error) => error.fault === fault));
  const message = errors.map(({ message }) => message).join("; ");
  const [only] = errors;
  const cause = errors.length === 1 ? only?.cause : new AggregateError(errors, describe(errors));
  return new FeedError(fault ?? "unavailable", message, { cause, retryAfterMs: soonest(errors) });
}

function describe(errors: readonly FeedError[]): string {
  return errors.flatMap(({ cause }) => cause instanceof Error ? [cause.message] : []).join("; ");
}

/** When the first source may be asked again, in ms; `undefined` if one may be asked at once. */
function soonest(errors: readonly FeedError[]): number | undefined {
  return Math.min(...errors.map(({ retryAfterMs }) => retryAfterMs ?? 0)) || undefined;
}

const FIRST_BACKOFF_MS = 1_000;

const BACKOFF_FACTOR = 4;

/** How trying again works. */
export interface RetryOptions {
  tries: number;
  /** How long all tries together may take, in milliseconds. */
  withinMs: number;
  /** Whether another try may succeed after this error. */
  isRetriable: (error: unknown) => boolean;
  sleep: Sleep;
  /** Returns a number from 0 to 1. */
  random: () => number;
  /** Ends everything early. */
  signal: AbortSignal;
}

/**
 * Tries until it succeeds, at most `tries` times and within `withinMs`, pausing for about 1 s, then 4 s.
 * Pauses vary by half, so that instances that fail together do not return together.
 */
export async function retry<T>(
  run: (signal: AbortSignal) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  options.sleep(options.withinMs, signal).then(() => over.abort(), () => {});
  try {
    return await tryWithin(run, { ...options, signal });
  } finally {
    over.abort();
  }
}

async function tryWithin<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { tries, isRetriable, sleep, random, signal }: RetryOptions,
): Promise<T> {
  let failure: unknown;
  for (let tried = 1;; tried++) {
    try {
      return await run(signal);
    } catch (error) {
      // The error of the previous try says more than the time limit that ended this one.
      if (tried === 1 || !signal.aborted) failure = error;
    }
    if (tried >= tries || signal.aborted || !isRetriable(failure)) throw failure;
    const backoffMs = FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (tried - 1);
    await sleep(backoffMs * (0.5 + random()), signal).catch(() => {});
    if (signal.aborted) throw failure;
  }
}
