import {
  type Feed,
  mergeAnswers,
  type SampleSupply,
  type SourceAnswer,
} from "../../src/feeds/feed.ts";
import { type Metric, METRICS } from "../../src/samples/sample.ts";

/** A source whose answers a test sets. */
export interface FakeSource {
  /** How often it was asked. */
  requests: number;
  answer: (signal: AbortSignal) => SourceAnswer | Promise<SourceAnswer>;
}

/** A supply of samples from fake sources. */
export interface FakeSupply<Name extends string> extends SampleSupply {
  /** The sources by name. */
  readonly fakes: Readonly<Record<Name, FakeSource>>;
}

/** A feed from fake sources. */
export type FakeFeed<Name extends string> = Feed & FakeSupply<Name>;

/** Creates a feed named `test`; its sources answer as `answers` says until a test changes it. */
export function createFakeFeed<Name extends string = "test">(
  answers: Readonly<Record<Name, FakeSource["answer"]>>,
  backfill?: SampleSupply,
): FakeFeed<Name> {
  const texts = { en: "test", "zh-CN": "test" };
  return {
    name: "test",
    description: { title: texts, sentiment: texts, price: texts },
    ...createFakeSupply(answers),
    ...backfill && { backfill },
  };
}

/** Creates a supply; a source whose name is a metric has only that metric. */
export function createFakeSupply<Name extends string>(
  answers: Readonly<Record<Name, FakeSource["answer"]>>,
): FakeSupply<Name> {
  const names = Object.keys(answers) as Name[];
  const fakes = Object.fromEntries(
    names.map((name) => [name, { requests: 0, answer: answers[name] }]),
  ) as Record<Name, FakeSource>;
  const sources = names.map((name) => ({
    name,
    metrics: isMetric(name) ? [name] : METRICS,
    async fetchSamples(signal: AbortSignal) {
      fakes[name].requests++;
      return await fakes[name].answer(signal);
    },
  }));
  return { fakes, sources, combine: mergeAnswers };
}

function isMetric(name: string): name is Metric {
  return METRICS.some((metric) => metric === name);
}
