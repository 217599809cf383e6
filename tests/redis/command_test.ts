import { assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { StoreError } from "../../src/core/errors.ts";
import { send } from "../../src/redis/command.ts";

/** An error as ioredis gives it when Redis answers with one. */
function refusal(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

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
    says: "NOPERM User x has no permissions",
    means: "The store refuses the service's user or password",
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
])("send() explains the reply $says", async ({ says, means }) => {
  const cause = refusal(says);
  const client = { call: () => Promise.reject(cause) };
  const error = await assertRejects(() => send(client, z.unknown(), ["TS.GET", "k"]), StoreError);
  assertEquals([error.message, error.cause], [means, cause]);
});

Deno.test.each([
  { fault: "Command timed out", means: "The store took too long" },
  { fault: "connect ECONNREFUSED 127.0.0.1:6379", means: "The store can't be reached" },
  {
    fault: "Reached the max retries per request limit (which is 1).",
    means: "The store can't be reached",
  },
])("send() explains the fault $fault", async ({ fault, means }) => {
  const client = { call: () => Promise.reject(new Error(fault)) };
  await assertRejects(() => send(client, z.unknown(), ["GET", "k"]), StoreError, means);
});

Deno.test("send() refuses a reply of another shape", async () => {
  const client = { call: () => Promise.resolve(["a"]) };
  const sending = () => send(client, z.string(), ["GET", "k"]);
  await assertRejects(sending, StoreError, "The store gave a reply to GET that can't be read");
});
