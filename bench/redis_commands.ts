import { type Bench, type Measure, startWarmService, summaryOf } from "./harness/bench.ts";
import { watchCommands } from "./harness/command_stats.ts";
import type { Finding } from "./harness/finding.ts";

/** How much warm reads ask of Redis. */
export const redisCommands: Measure = { name: "redis-commands", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  await using service = await startWarmService(bench);
  const values: number[] = [];
  for (let round = 0; round < bench.pace.rounds; round++) {
    const read = await watchCommands(bench.store.client);
    const { requests } = await bench.generator.load(summaryOf(service), bench.pace.loadSeconds);
    const { calls } = await read();
    values.push(sum(calls.values()) / (requests / 1_000));
  }
  return [{ what: "Redis commands per 1,000 warm reads", values, budget: { atMost: 5 } }];
}

function sum(values: Iterable<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
