/**
 * Each port of a whole service fails in unforeseen ways. The process lives, the other parts
 * go on, a line of the log names the part, and the part works again when the surprise is over.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Tally } from "../../src/observe/tally.ts";
import { eventually } from "../helpers/eventually.ts";
import { startSurprisedService, type SurprisedService } from "./surprised_service.ts";

const TIME_LIMIT = { timeout: 60_000 };

const THROWN: readonly unknown[] = [new RangeError("out of nowhere"), "out of nowhere", undefined];

/** Takes the place of a call, which it may still make. */
type Fail = <T>(call: () => T) => T | Promise<never>;

interface Port {
  readonly name: string;
  /** Lets the port fail until the returned function is called. */
  readonly disturb: (stage: SurprisedService, fail: Fail) => () => void;
  /** What a line of the log has that names the port. */
  readonly line: RegExp;
}

const PORTS: readonly Port[] = [
  {
    name: "a source",
    disturb({ feed: { fakes: { first } } }, fail) {
      const { answer } = first;
      return replace(first, "answer", (signal) => fail(() => answer(signal)));
    },
    line: /"source":"first"/,
  },
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
    name: "the connection for announcements",
    disturb({ link, connections: { subscriber } }, fail) {
      subscriber.disconnect(true);
      return disturbLink(link, /^SUBSCRIBE/, fail);
    },
    line: /announcements of other instances cannot be received/,
  },
  {
    name: "the sender of a webhook",
    disturb({ webhookUrl }, fail) {
      const { fetch } = globalThis;
      const failing: typeof fetch = (...request) =>
        String(request[0]) === webhookUrl ? fail(() => fetch(...request)) : fetch(...request);
      return replace(globalThis, "fetch", failing);
    },
    line: /webhook not delivered/,
  },
  {
    name: "the count of requests",
    disturb: (_, fail) => replace(Tally.prototype, "countRequest", () => fail(() => {})),
    line: /count a request/,
  },
  {
    name: "the count of refreshes",
    disturb: (_, fail) => replace(Tally.prototype, "countRefresh", () => fail(() => {})),
    line: /count a refresh/,
  },
  {
    name: "the count of deliveries",
    disturb: (_, fail) =>
      replace(Tally.prototype, "count", (name) => name === "webhooks" && fail(() => {})),
    line: /count a delivery/,
  },
  {
    name: "the log",
    disturb: ({ service: { log } }, fail) => replace(log, "info", () => fail(() => {})),
    line: /an event can't be logged/,
  },
];

Deno.test.each(PORTS)("a surprise stays in $name", TIME_LIMIT, async ({ disturb, line }) => {
  for (const thrown of THROWN) {
    for (const fail of failuresWith(thrown)) await survive({ line, disturb }, fail);
  }
});

Deno.test.each(PORTS)("a surprise after the answer stays in $name", TIME_LIMIT, async (port) => {
  for (const thrown of THROWN) {
    await survive({ ...port, line: /an error was not handled/ }, (call) => {
      Promise.reject(thrown);
      return call();
    });
  }
});

async function survive({ disturb, line }: Pick<Port, "disturb" | "line">, fail: Fail) {
  await using stage = await startSurprisedService();
  const { lines } = stage.service.log;
  await stage.tick();
  await stage.assertWorks();
  const before = lines.length;
  const heal = disturb(stage, fail);
  try {
    await stage.tick();
    await stage.assertWorks();
    await eventually(() => lines.slice(before).some((it) => line.test(JSON.stringify(it))));
  } finally {
    heal();
  }
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
    assert(messages.includes("the tick could not be claimed"), messages.join());
    stage.link.heal();
    await stage.tick();
    await stage.assertWorks();
  }
});

Deno.test("a surprise in what joins the sources fails one refresh", TIME_LIMIT, async () => {
  for (const thrown of THROWN) {
    await using stage = await startSurprisedService();
    await stage.tick();
    const heal = replace(stage.feed, "combine", () => {
      throw thrown;
    });
    const refreshed = await stage.service.request("/refresh", { method: "POST" });
    assertEquals(refreshed.status, 500);
    assertEquals((await refreshed.json()).type, "/docs/problems#internal");
    await stage.assertWorks();
    heal();
    await stage.tick();
    await stage.assertWorks();
  }
});

Deno.test("a surprise as an event of a connection is logged", TIME_LIMIT, async () => {
  for (const thrown of THROWN) {
    await using stage = await startSurprisedService();
    const { commands, subscriber } = stage.connections;
    const before = stage.service.log.lines.length;
    for (const connection of [commands, subscriber]) connection.emit("error", thrown);
    await stage.tick();
    await stage.assertWorks();
    const messages = stage.service.log.lines.slice(before).map(({ message }) => message);
    assert(messages.includes("the connection to redis is lost"), messages.join());
  }
});

/** Throws, or returns a promise that rejects. */
function failuresWith(thrown: unknown): [Fail, Fail] {
  const fail: Fail = () => {
    throw thrown;
  };
  return [fail, () => Promise.reject(thrown)];
}

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
