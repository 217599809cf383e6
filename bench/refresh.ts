import { type Bench, inRounds, type Measure, refresh, startWarmService } from "./harness/bench.ts";
import { spentOn } from "./harness/command_stats.ts";
import { type Finding, unjudged } from "./harness/finding.ts";
import type { Server } from "./harness/server.ts";
import { addBare, resetSeries } from "./harness/store.ts";

/** How long a refresh keeps Redis busy, against sending the whole day. */
export const refreshTime: Measure = { name: "refresh", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const prefix = bench.store.newPrefix();
  await using service = await startWarmService(bench, prefix);
  const fills = await rounds(bench, async () => {
    const bare = await fillBare(bench);
    await resetSeries(bench.store.client, prefix);
    return { bare, own: await timeOfRefresh(bench, service, bench.feed.samples.length * 2) };
  });
  const refreshes = await rounds(bench, async () => {
    const nothing = await timeOfRefresh(bench, service, 0);
    bench.feed.advance(2);
    return { nothing, two: await timeOfRefresh(bench, service, 4) };
  });
  const findings: Finding[] = [
    {
      what: "Redis time of a refresh, nothing new",
      values: refreshes.map(({ nothing }) => nothing),
      unit: "ms",
      budget: { atMost: 1.2 },
    },
    {
      what: "Redis time of a refresh, two new rows",
      values: refreshes.map(({ two }) => two),
      unit: "ms",
    },
    {
      what: "Redis time of sending the whole day again",
      values: fills.map(({ bare }) => bare.again),
      unit: "ms",
    },
    {
      what: "Redis time of the first fill against one bare TS.MADD",
      values: fills.map(({ own, bare }) => own / bare.first),
      unit: "×",
      budget: { atMost: 1.5 },
    },
  ];
  const reason = bench.store.isEmbedded && "embedded server";
  return findings.map((finding) => unjudged(finding, reason));
}

function rounds<T>({ pace }: Bench, run: () => Promise<T>): Promise<T[]> {
  return inRounds(3 * pace.rounds, run);
}

/** The time of one `TS.MADD` of the whole day into empty series, and of the same again. */
async function fillBare({ store, feed }: Bench): Promise<{ first: number; again: number }> {
  const keys = await resetSeries(store.client, store.newPrefix());
  async function send(): Promise<number> {
    const act = () => addBare(store.client, keys, feed.samples);
    return (await spentOn(store.client, act)).milliseconds;
  }
  return { first: await send(), again: await send() };
}

/** The time of a refresh that stores so many samples, with what follows its response. */
async function timeOfRefresh({ store }: Bench, service: Server, stored: number): Promise<number> {
  async function act(): Promise<void> {
    const report = await refresh(service);
    if (report.stored !== stored) {
      throw new Error(`A refresh must store ${stored} samples, stored ${report.stored}`);
    }
  }
  return (await spentOn(store.client, act)).milliseconds;
}
