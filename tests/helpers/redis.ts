import { Redis } from "ioredis";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { type ConnectionBounds, connectRedis } from "../../src/redis/connection.ts";

/** For a Redis that works: a machine that is busy for seconds is no fault of it. */
export const PATIENT: ConnectionBounds = { connectMs: 30_000, commandMs: 30_000, socketMs: 45_000 };

/** A Redis for one test: a key prefix of its own, and a client that talks to it over TCP. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly prefix: string;
  readonly client: Redis;
}

/** Uses the server that `TEST_REDIS_URL` names, else starts an embedded one. */
export async function startTestRedis(): Promise<TestRedis> {
  const given = Deno.env.get("TEST_REDIS_URL");
  const embedded = given ? undefined : startEmbeddedRedis();
  const url = given ?? embedded?.url ?? "";
  const prefix = `is-bitcoin-lit-test:${crypto.randomUUID()}`;
  const client = connectRedis(url, { bounds: PATIENT });
  await client.connect();
  return {
    url,
    prefix,
    client,
    async [Symbol.asyncDispose]() {
      if (given) await removeKeys(client, prefix);
      await client.quit();
      await embedded?.[Symbol.asyncDispose]();
    },
  };
}

async function removeKeys(client: Redis, prefix: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1_000 })) {
    if (keys.length > 0) await client.del(...keys);
  }
}

/** Records every command that a client sends from now on, as `NAME argument …`. */
export function noteCommands(client: Redis): string[] {
  const commands: string[] = [];
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, ...rest) => {
    commands.push([command.name.toUpperCase(), ...command.args].join(" "));
    return send(command, ...rest);
  };
  return commands;
}
