import {
  type Bench,
  inRounds,
  type Measure,
  startBareServer,
  startService,
  startWarmService,
  summaryOf,
} from "./harness/bench.ts";
import { type Finding, unjudged } from "./harness/finding.ts";
import { ratios } from "./harness/statistics.ts";

const INSTANCES = 3;

/** Several instances on one Redis: reads scale with processes, feed requests do not. */
export const instances: Measure = { name: "instances", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const note = `${navigator.hardwareConcurrency} cores, the load generator's included`;
  const gains = await compareGains(bench);
  return [
    unjudged({
      what: "reads of two instances, against what two bare servers gain",
      values: ratios(gains.own, gains.bare),
      unit: "×",
      budget: { atLeast: 0.8 },
      note,
    }, bench.generator.isLimit && "the load generator is the limit"),
    { what: "reads of two instances against one", values: gains.own, unit: "×", note },
    {
      what: `feed requests when ${INSTANCES} instances start on an empty Redis`,
      values: await inRounds(bench.pace.rounds, () => countFeedRequests(bench)),
      budget: { atMost: 1 },
    },
  ];
}

async function compareGains(bench: Bench): Promise<{ own: number[]; bare: number[] }> {
  const prefix = bench.store.newPrefix();
  await using first = await startWarmService(bench, prefix);
  await using second = await startWarmService(bench, prefix);
  await using firstBare = await startBareServer(first);
  await using secondBare = await startBareServer(first);
  const services = [summaryOf(first), summaryOf(second)];
  const results = await inRounds(bench.pace.rounds, async () => ({
    own: await gain(bench, services),
    bare: await gain(bench, [firstBare.url, secondBare.url]),
  }));
  return { own: results.map(({ own }) => own), bare: results.map(({ bare }) => bare) };
}

/** The requests per second of all together, divided by those of the first alone. */
async function gain(bench: Bench, urls: readonly string[]): Promise<number> {
  const [alone = NaN] = await loadAll(bench, urls.slice(0, 1));
  const together = await loadAll(bench, urls);
  return together.reduce((sum, rate) => sum + rate, 0) / alone;
}

async function loadAll({ generator, pace }: Bench, urls: readonly string[]): Promise<number[]> {
  const results = urls.map((url) => generator.load({ url }, Math.ceil(pace.loadSeconds / 2)));
  return (await Promise.all(results)).map(({ requestsPerSecond }) => requestsPerSecond);
}

async function countFeedRequests(bench: Bench): Promise<number> {
  const prefix = bench.store.newPrefix();
  const before = bench.feed.requests;
  await using stack = new AsyncDisposableStack();
  const starting = Array.from({ length: INSTANCES }, () => startService(bench, prefix));
  for (const instance of await Promise.all(starting)) stack.use(instance);
  // Each has read the series by the time it answers.
  await using _last = await startWarmService(bench, prefix);
  return bench.feed.requests - before;
}
