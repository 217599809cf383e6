import { assertEquals } from "@std/assert";
import { STALE_AFTER_MS } from "../helpers/app.ts";
import { readEvents } from "../helpers/event_reader.ts";
import { eventually } from "../helpers/eventually.ts";
import { NOW, pairAt } from "../helpers/samples.ts";
import { type StartedService, startService } from "../helpers/started_service.ts";

const OPTIONS = { lookMs: 20, environment: { REFRESH_MIN_INTERVAL_SECONDS: "0" } };
const TIME_LIMIT = { timeout: 60_000 };

/** Reads the answer that a client has before it leaves, as an event. */
async function readLastId({ url }: StartedService): Promise<string> {
  await using client = await readEvents(url);
  await eventually(() => client.ids().length === 1);
  return client.ids()[0] ?? "";
}

/** Stores a pair whose price makes the newest hour's average fall. */
async function makeUnlit(service: StartedService): Promise<void> {
  service.source.answer = () => ({ samples: pairAt(NOW + 1_000, 1_000, 0.8), rejected: 0 });
  const { stored } = await (await service.request("/refresh", { method: "POST" })).json();
  assertEquals(stored, 2);
}

Deno.test("the id of an event is the entity tag of its answer", TIME_LIMIT, async () => {
  await using service = await startService(OPTIONS);
  const id = await readLastId(service);
  const response = await service.request("/is-bitcoin-lit", { headers: { "if-none-match": id } });
  assertEquals([response.status, response.headers.get("etag")], [304, id]);
});

Deno.test(
  "a client that comes back receives nothing that it had, then the next change",
  TIME_LIMIT,
  async () => {
    await using service = await startService(OPTIONS);
    await using client = await readEvents(service.url, await readLastId(service));
    // What another client receives at once, this one would have received, too.
    await readLastId(service);
    await makeUnlit(service);
    await eventually(() => client.ids().length > 0);
    assertEquals(client.answers().map(({ lit, stale }) => ({ lit, stale })), [
      { lit: false, stale: false },
    ]);
  },
);

Deno.test(
  "a client that comes back receives that the answer became stale",
  TIME_LIMIT,
  async () => {
    await using service = await startService(OPTIONS);
    const id = await readLastId(service);
    service.clock.advance(STALE_AFTER_MS + 60_000);
    await using client = await readEvents(service.url, id);
    await eventually(() => client.ids().length > 0);
    assertEquals(client.answers().map(({ stale }) => stale), [true]);
  },
);

Deno.test(
  "a client that comes back receives that the answer became unlit",
  TIME_LIMIT,
  async () => {
    await using service = await startService(OPTIONS);
    const id = await readLastId(service);
    await makeUnlit(service);
    await using client = await readEvents(service.url, id);
    await eventually(() => client.ids().length > 0);
    assertEquals(client.answers().map(({ lit }) => lit), [false]);
  },
);

Deno.test("a new revision with the same answer is no change", TIME_LIMIT, async () => {
  await using service = await startService(OPTIONS);
  await using client = await readEvents(service.url, await readLastId(service));
  // Samples older than the window change nothing that is answered.
  service.source.answer = () => ({ samples: pairAt(NOW - 40 * 3_600_000), rejected: 0 });
  await service.request("/refresh", { method: "POST" });
  await makeUnlit(service);
  await eventually(() => client.ids().length > 0);
  assertEquals(client.answers().map(({ lit }) => lit), [false]);
});

Deno.test("a client with an id of another service receives the answer", TIME_LIMIT, async () => {
  await using service = await startService(OPTIONS);
  for (const id of ["2021-07-07T12:30:00.000Z", '"1-x"', "", "-"]) {
    await using client = await readEvents(service.url, id);
    await eventually(() => client.ids().length === 1);
  }
});
