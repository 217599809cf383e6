import {
  type Bench,
  inRounds,
  type Measure,
  startService,
  startWarmService,
} from "./harness/bench.ts";
import { watchCommands } from "./harness/command_stats.ts";
import type { Finding } from "./harness/finding.ts";
import { keysBelow } from "../src/redis/keys.ts";

const REQUEST = "GET /is-bitcoin-lit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

const READS = 1_000;

/** Many simultaneous reads that miss every cache. */
export const coldCache: Measure = { name: "cold-cache", measure };

async function measure(bench: Bench): Promise<Finding[]> {
  const prefix = bench.store.newPrefix();
  await fill(bench, prefix);
  const values = await inRounds(bench.pace.rounds, () => countRanges(bench, prefix));
  const what = `TS.RANGE for ${READS.toLocaleString("en")} simultaneous reads on a cold cache`;
  return [{ what, values, budget: { atMost: 2 } }];
}

async function fill(bench: Bench, prefix: string): Promise<void> {
  await using _service = await startWarmService(bench, prefix);
}

/** Uses a new process, which has cached nothing, and opens every connection before the first request. */
async function countRanges(bench: Bench, prefix: string): Promise<number> {
  const { client } = bench.store;
  await using service = await startService(bench, prefix);
  const { hostname, port } = new URL(service.url);
  const connections = await Promise.all(
    Array.from(
      { length: READS },
      () => Deno.connect({ hostname, port: Number(port) }),
    ),
  );
  await client.del(keysBelow(prefix).cache);
  const read = await watchCommands(client);
  const statuses = await Promise.all(connections.map(ask));
  const failed = statuses.filter((status) => status !== "HTTP/1.1 200 OK");
  if (failed.length > 0) throw new Error(`Every read must succeed, ${failed.length} did not`);
  return (await read()).calls.get("ts.range") ?? 0;
}

async function ask(connection: Deno.Conn): Promise<string | undefined> {
  await connection.write(new TextEncoder().encode(REQUEST));
  const answer = await new Response(connection.readable).text();
  return answer.split("\r\n", 1)[0];
}
