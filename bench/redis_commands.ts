import { type Bench, type Measure, startWarmService, summaryOf } from "./harness/bench.ts";
import { sumOf, watchCommands } from "./harness/command_stats.ts";
import type { Finding } from "./harness/finding.ts";

/** How many commands warm reads send to Redis. */
export const redisCommands: Measure = { name: "redis-commands", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  await using service = await startWarmService(bench);
  const values: number[] = [];
  for (let round = 0; round < bench.pace.rounds; round++) {
    const read = await watchCommands(bench.store.client);
    const { requests } = await bench.generator.load(
      { url: summaryOf(service) },
      bench.pace.loadSeconds,
    );
    const { calls } = await read();
    values.push(sumOf(calls) / (requests / 1_000));
  }
  return [{ what: "Redis commands per 1,000 warm reads", values, budget: { atMost: 5 } }];
}
