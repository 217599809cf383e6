import { FeedError, type FeedFault } from "../core/errors.ts";
import type { Feed, FeedAnswer, SourceFailure } from "../core/ports.ts";

/** When all sources fail, the fault that comes first here names what happened. */
const FAULTS: readonly FeedFault[] = ["unavailable", "invalid", "timeout"];

/**
 * Makes one feed of several sources, asked at once. A source that fails is reported beside the
 * samples of the others; when none answers, the feed fails: with `timeout` only if all were too slow.
 */
export function joinFeeds(name: string, sources: readonly Feed[]): Feed {
  return {
    name,
    async fetchSamples(signal) {
      const outcomes = await Promise.all(sources.map((source) => ask(source, signal)));
      const failures = outcomes.filter((outcome) => "error" in outcome);
      if (failures.length === sources.length) throw joinFailures(failures);
      const answers = outcomes.filter((outcome) => "samples" in outcome);
      return {
        samples: answers.flatMap(({ samples }) => samples),
        rejected: answers.reduce((sum, { rejected }) => sum + rejected, 0),
        failures,
      };
    },
  };
}

async function ask(source: Feed, signal: AbortSignal): Promise<FeedAnswer | SourceFailure> {
  try {
    return await source.fetchSamples(signal);
  } catch (error) {
    if (error instanceof FeedError) return { source: source.name, error };
    throw error;
  }
}

function joinFailures(failures: readonly SourceFailure[]): FeedError {
  const errors = failures.map(({ error }) => error);
  const fault = FAULTS.find((fault) => errors.some((error) => error.fault === fault));
  return new FeedError(fault ?? "unavailable", joinMessages(errors), {
    cause: new AggregateError(errors, joinMessages(errors.map(({ cause }) => cause))),
    retryAfterMs: soonest(errors),
  });
}

function joinMessages(errors: readonly unknown[]): string {
  return errors.flatMap((error) => error instanceof Error ? [error.message] : []).join("; ");
}

/** When the first source may be asked again; nothing where one may be asked at once. */
function soonest(errors: readonly FeedError[]): number | undefined {
  const waits = errors.map(({ retryAfterMs }) => retryAfterMs ?? 0);
  return Math.min(...waits) || undefined;
}
