/**
 * Each port of a whole service fails in ways that nobody foresaw. The process lives, the other parts
 * go on, a line of the log names the part, and the part works again when the surprise is over.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Tally } from "../../src/observe/tally.ts";
import { startSurprisedService, type SurprisedService } from "./surprised_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

const THROWN: readonly unknown[] = [new RangeError("out of nowhere"), "out of nowhere", undefined];

/** Throws, or returns a promise that rejects. */
type Fail = () => Promise<never>;

function failuresWith(thrown: unknown): [Fail, Fail] {
  const fail: Fail = () => {
    throw thrown;
  };
  return [fail, () => Promise.reject(thrown)];
}

interface Port {
  readonly name: string;
  /** Lets the port fail until the returned function is called. */
  readonly disturb: (stage: SurprisedService, fail: Fail) => () => void;
  /** What a line of the log has that names the port. */
  readonly line: RegExp;
}

const PORTS: readonly Port[] = [
  {
    name: "a write on the connection for commands",
    disturb: ({ link }, fail) => disturbLink(link, /^SET lit:.*cache/, fail),
    line: /cache the summary/,
  },
  {
    name: "an announcement on the connection for commands",
    disturb: ({ link }, fail) => disturbLink(link, /^PUBLISH/, fail),
    line: /announce the summary/,
  },
  {
    name: "the sender of a webhook",
    disturb: ({ webhookUrl }, fail) => {
      const { fetch } = globalThis;
      const failing: typeof fetch = (...request) =>
        request[0] === webhookUrl ? fail() : fetch(...request);
      return replace(globalThis, "fetch", failing);
    },
    line: /webhook not delivered/,
  },
  {
    name: "the count of requests",
    disturb: (_, fail) => replace(Tally.prototype, "countRequest", fail),
    line: /count a request/,
  },
  {
    name: "the count of refreshes",
    disturb: (_, fail) => replace(Tally.prototype, "countRefresh", fail),
    line: /count a refresh/,
  },
  {
    name: "the count of deliveries",
    disturb: (_, fail) => replace(Tally.prototype, "countWebhook", fail),
    line: /count a delivery/,
  },
  {
    name: "the log",
    disturb: ({ service: { log } }, fail) => replace(log, "info", fail),
    line: /an event can.t be logged/,
  },
];

Deno.test.each(PORTS)("a surprise stays in $name", TIME_LIMIT, async (port) => {
  for (const fail of THROWN.flatMap(failuresWith)) await survive(port, fail);
});

async function survive({ disturb, line }: Port, fail: Fail): Promise<void> {
  await using stage = await startSurprisedService();
  const { lines } = stage.service.log;
  await stage.tick();
  await stage.assertWorks();
  const before = lines.length;
  const heal = disturb(stage, fail);
  try {
    await stage.tick();
    await stage.assertWorks();
  } finally {
    heal();
  }
  const named = lines.slice(before).filter((it) => line.test(JSON.stringify(it)));
  // One that fails at every request may have a few lines, but not one per request.
  assert(named.length >= 1 && named.length <= 4, JSON.stringify(lines.slice(before)));
  await stage.tick();
  await stage.assertWorks();
}

Deno.test("a surprise in every command leaves the last summary", TIME_LIMIT, async () => {
  for (const fail of THROWN.flatMap(failuresWith)) {
    await using stage = await startSurprisedService();
    await stage.tick();
    stage.link.replace(/./, fail);
    const statuses = await Promise.all(
      ["/is-bitcoin-lit", "/healthz", "/metrics", "/readyz"].map((path) => stage.status(path)),
    );
    assertEquals(statuses, [200, 200, 200, 503]);
    assertEquals(await stage.status("/refresh", { method: "POST" }), 503);
    const before = stage.service.log.lines.length;
    await stage.service.tick();
    const messages = stage.service.log.lines.slice(before).map(({ message }) => message);
    assertEquals(messages, ["the tick could not be claimed"]);
    stage.link.heal();
    await stage.tick();
    await stage.assertWorks();
  }
});

Deno.test.each(
  [
    { connection: "commands" },
  ] as const,
)("a surprise stays in the connection of the $connection", TIME_LIMIT, async (
  { connection },
) => {
  for (const thrown of THROWN) {
    await using stage = await startSurprisedService();
    const before = stage.service.log.lines.length;
    stage.connections[connection].emit("error", thrown);
    await stage.tick();
    await stage.assertWorks();
    const messages = stage.service.log.lines.slice(before).map(({ message }) => message);
    assert(messages.some((message) => message.includes("connection")), messages.join());
  }
});

function disturbLink(link: SurprisedService["link"], pattern: RegExp, fail: Fail): () => void {
  link.replace(pattern, fail);
  return () => link.heal();
}

function replace<T, K extends keyof T>(owner: T, name: K, value: T[K]): () => void {
  const original = owner[name];
  owner[name] = value;
  return () => {
    owner[name] = original;
  };
}
