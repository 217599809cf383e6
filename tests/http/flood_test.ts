import { assert, assertEquals } from "@std/assert";
import type { Redis } from "ioredis";
import { type connect, connectRedis } from "../../src/redis/connection.ts";
import { readProblem } from "../helpers/problems.ts";
import { noteCommands, PATIENT } from "../helpers/redis.ts";
import { type StartedService, startService } from "../helpers/started_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

/** How long a read of a range takes at least, so that reads overlap. */
const RANGE_MS = 10;

/** Connects to Redis, and lets a test change each client before it is used. */
function connectWith(change: (client: Redis) => void): typeof connect {
  return (url, options) => {
    const client = connectRedis(url, { ...options, bounds: PATIENT });
    change(client);
    return client;
  };
}

/** Slows reads of ranges down, and counts how many run at once. */
function createSlowRanges() {
  const ranges = { running: 0, most: 0 };
  function slowDown(client: Redis): void {
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, ...rest) => {
      if (command.name.toLowerCase() !== "ts.range") return send(command, ...rest);
      ranges.most = Math.max(ranges.most, ++ranges.running);
      setTimeout(() => send(command, ...rest), RANGE_MS);
      return command.promise.finally(() => ranges.running--);
    };
  }
  return { ranges, connect: connectWith(slowDown) };
}

Deno.test(
  "300 clients with different histories leave summary and readiness as they are",
  TIME_LIMIT,
  async () => {
    const { ranges, connect } = createSlowRanges();
    await using service = await startService({ connect });
    await service.request("/is-bitcoin-lit");
    const histories = Array.from(
      { length: 300 },
      (_, i) => service.request(`/history?hours=${i + 1}&bucket=1h`),
    );
    for (const path of ["/readyz", "/is-bitcoin-lit", "/healthz"]) {
      const response = await fetch(service.url + path);
      assertEquals([path, response.status], [path, 200]);
      await response.body?.cancel();
    }
    const responses = await Promise.all(histories);
    const [done, refused] = [responses.filter(({ ok }) => ok), responses.filter(({ ok }) => !ok)];
    assert(done.length >= 8 && done.length < 200, `${done.length} histories`);
    for (const response of refused) {
      assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
      assertEquals((await readProblem(response)).type, "/docs/problems#busy");
    }
    // A history needs a range of each metric.
    assertEquals(ranges.most, 16);
    assertEquals((await service.request("/history?hours=99&bucket=1h")).status, 200);
  },
);

Deno.test("a flood of histories leaves those of another address alone", TIME_LIMIT, async () => {
  const { connect } = createSlowRanges();
  await using service = await startService({ connect });
  await service.request("/is-bitcoin-lit");
  using other = Deno.createHttpClient({ localAddress: "127.0.0.2" });
  let isOver = false;
  let hours = 0;
  let refused = 0;
  async function insist(): Promise<void> {
    while (!isOver) {
      const response = await fetch(`${service.url}/history?hours=${++hours}&bucket=1h`);
      if (response.status === 503) refused++;
      await response.body?.cancel();
    }
  }
  const greedy = Promise.all(Array.from({ length: 24 }, insist));
  try {
    for (let minutes = 1; minutes <= 20; minutes++) {
      const url = `${service.url}/history?hours=24&bucket=${60 + minutes}m`;
      const response = await fetch(url, { client: other });
      assertEquals([minutes, response.status], [minutes, 200]);
      await response.body?.cancel();
    }
  } finally {
    isOver = true;
    await greedy;
  }
  assert(refused > 0, "the flood was not refused anything");
});

Deno.test("a flood of track records is refused beyond nine", TIME_LIMIT, async () => {
  await using service = await startService();
  await (await service.request("/track-record")).body?.cancel();
  const paths = Array.from({ length: 20 }, (_, i) => `/track-record?days=${101 + i}`);
  const flood = Promise.all(paths.map((path) => service.request(path)));
  const others = await Promise.all(
    ["/track-record", "/feed.atom", "/"].map((it) => service.request(it)),
  );
  assertEquals(others.map(({ status }) => status), [200, 200, 200]);
  const responses = await flood;
  assertEquals(responses.filter(({ ok }) => ok).length, 9);
  for (const response of responses.filter(({ ok }) => !ok)) {
    assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
    assertEquals((await readProblem(response)).type, "/docs/problems#busy");
  }
});

/** Requests a path from many clients at once. */
async function flood(service: StartedService, path: string): Promise<void> {
  const responses = await Promise.all(Array.from({ length: 300 }, () => service.request(path)));
  const statuses = new Set(responses.map(({ status }) => status));
  assertEquals([...statuses], [200], path);
}

Deno.test("a flood of /readyz and /metrics costs one load a second", TIME_LIMIT, async () => {
  const commands: string[][] = [];
  const connect = connectWith((client) => commands.push(noteCommands(client)));
  await using service = await startService({ connect });
  const count = () => commands.reduce((sum, { length }) => sum + length, 0);

  async function countDuring(work: () => Promise<void>): Promise<number> {
    const before = count();
    await work();
    return count() - before;
  }
  // The first request loads the code of the metrics.
  await flood(service, "/metrics");
  service.clock.advance(1_000);
  const once = await countDuring(() => flood(service, "/readyz"));
  assert(once > 0 && once <= 4, `${once} commands for a load`);
  assertEquals(await countDuring(() => flood(service, "/readyz")), 0);
  assertEquals(await countDuring(() => flood(service, "/metrics")), 0);
  service.clock.advance(999);
  assertEquals(await countDuring(() => flood(service, "/readyz")), 0);
  service.clock.advance(1);
  assertEquals(await countDuring(() => flood(service, "/metrics")), once);
});
