import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as z from "zod";
import {
  type Client,
  parseReply,
  send,
  sendTransaction,
  StoreError,
  unlessRefused,
} from "../../src/redis/command.ts";
import { startTestRedis } from "../helpers/redis.ts";

const LIMIT = { timeout: 60_000 };

/** An error as ioredis creates it from an error reply. */
function refusal(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

/** A client that replies the same to every command. */
function clientOf(call: () => Promise<unknown>): Client {
  return {
    call,
    multi() {
      throw new Error("must not be used");
    },
  };
}

Deno.test("send() explains what a client throws before it sends", LIMIT, async () => {
  const cause = new RangeError("Invalid string length");
  const client = clientOf(() => {
    throw cause;
  });
  const error = await assertRejects(() => send(client, z.string(), ["GET", "k"]), StoreError);
  assertEquals([error.message, error.cause], ["The store cannot be reached", cause]);
});

Deno.test.each([
  {
    says: "ERR unknown command 'TS.GET', with args beginning with: 'k' ",
    means: "The store has no time series: it needs Redis Stack or Redis 8",
  },
  {
    says: "ERR WRONGTYPE Operation against a key",
    means: "A key of the store holds another type: delete it or set another KEY_PREFIX",
  },
  {
    says: "NOAUTH Authentication required.",
    means: "The store refuses the service's user or password",
  },
  {
    says: "NOPERM this user has no permissions to run the 'ts.madd' command",
    means: "The store's user may not run TS.MADD (NOPERM): see docs/acl.md",
  },
  {
    says: "NOPERM User is-bitcoin-lit has no permissions to run the 'cluster|slots' command",
    means: "The store's user may not run CLUSTER|SLOTS (NOPERM): see docs/acl.md",
  },
  {
    says: "NOPERM No permissions to access a key",
    means: "The store's user may not use the keys or the channel (NOPERM): see docs/acl.md",
  },
  {
    says: "MOVED 3999 127.0.0.1:6381",
    means: "The store is a cluster: list its nodes in REDIS_URL",
  },
  {
    says: "CROSSSLOT Keys in request don't hash to the same slot",
    means: "The store is a cluster: put braces into KEY_PREFIX, such as {is-bitcoin-lit}",
  },
  {
    says: "ERR unknown command `PEXPIRE`, with args beginning with: `k`",
    means: "The store does not know PEXPIRE: it needs Redis 7.0 or later",
  },
  {
    says: "ERR syntax error",
    means: "The store refuses a form of a command: it needs Redis 7.0 or later",
  },
  {
    says: "NOREPLICAS Not enough good replicas to write.",
    means: "The store does not take this command now",
  },
  {
    says: "OOM command not allowed when used memory > 'maxmemory'.",
    means: "The store does not take this command now",
  },
  {
    says: "READONLY You can't write against a read only replica.",
    means: "The store does not take this command now",
  },
  {
    says: "LOADING Redis is loading the dataset in memory",
    means: "The store does not take this command now",
  },
  { says: "ERR something new", means: "The store refused a command" },
])("send() explains the reply $says", LIMIT, async ({ says, means }) => {
  const cause = refusal(says);
  const client = clientOf(() => Promise.reject(cause));
  const error = await assertRejects(() => send(client, z.unknown(), ["TS.GET", "k"]), StoreError);
  assertEquals([error.message, error.cause], [means, cause]);
});

Deno.test.each([
  { fault: "Command timed out", means: "The store took too long" },
  { fault: "connect ECONNREFUSED 127.0.0.1:6379", means: "The store cannot be reached" },
  {
    fault: "Reached the max retries per request limit (which is 1).",
    means: "The store cannot be reached",
  },
])("send() explains the fault $fault", LIMIT, async ({ fault, means }) => {
  const client = clientOf(() => Promise.reject(new Error(fault)));
  await assertRejects(() => send(client, z.unknown(), ["GET", "k"]), StoreError, means);
});

Deno.test("send() refuses a reply of another shape", LIMIT, async () => {
  const client = clientOf(() => Promise.resolve(["a"]));
  const sending = () => send(client, z.string(), ["GET", "k"]);
  await assertRejects(sending, StoreError, "The store sent an unreadable reply to GET");
});

Deno.test("sendTransaction() returns the replies, errors among them", LIMIT, async () => {
  await using redis = await startTestRedis();
  const key = `${redis.prefix}:k`;
  const replies = await sendTransaction(redis.client, [
    ["SET", key, "text"],
    ["INCR", key],
    ["GET", key],
  ]);
  assertEquals([replies[0], replies[2]], ["OK", "text"]);
  assertEquals(replies[1] instanceof Error && /not an integer/.test(replies[1].message), true);
});

Deno.test("sendTransaction() runs nothing if one command is refused at once", LIMIT, async () => {
  await using redis = await startTestRedis();
  const key = `${redis.prefix}:k`;
  const commands = [["SET", key, "text"], ["TS.UNKNOWN", key]] as const;
  const refused = "The store has no time series: it needs Redis Stack or Redis 8";
  await assertRejects(() => sendTransaction(redis.client, commands), StoreError, refused);
  assertEquals(await redis.client.exists(key), 0);
});

Deno.test("sendTransaction() explains a connection that ends meanwhile", LIMIT, async () => {
  const closed = new Error("Connection is closed.");
  const exec = () => Promise.reject(Object.assign(closed, { previousErrors: [closed, closed] }));
  const client = { ...clientOf(() => Promise.reject(closed)), multi: () => ({ call() {}, exec }) };
  const sending = () => sendTransaction(client, [["INCR", "k"]]);
  await assertRejects(sending, StoreError, "The store cannot be reached");
});

Deno.test("parseReply() throws an error reply as StoreError", LIMIT, () => {
  const parse = () => parseReply(z.number(), refusal("OOM no memory"), "INCR");
  assertThrows(parse, StoreError, "The store does not take this command now");
});

Deno.test("unlessRefused() replaces one refusal, and rethrows other errors", LIMIT, () => {
  const handle = unlessRefused(/already exists/, "fine");
  const refused = new StoreError("refused", { cause: refusal("TSDB: key already exists") });
  assertEquals(handle(refused), "fine");
  const others = [
    new StoreError("refused", { cause: refusal("OOM") }),
    new StoreError("already exists"),
    new Error("already exists"),
  ];
  for (const other of others) assertThrows(() => handle(other), Error, other.message);
});
