import type { Command, Redis } from "ioredis";
import { noteRefusal, type Refusals } from "./command.ts";

/** What `SET … NX GET` needs. */
const OLDEST_VERSION = 7;

const NEEDS_NO_PASSWORD = /no password is set|without any password configured/;

/**
 * Guards one node's connection against what ioredis does by itself: it writes to the console when the user
 * may not run `INFO`, or needs no password; it leaves the promise of its `ASKING` alone while a slot moves,
 * which would end the process; and it takes a server of any version. Notes refusals on the way.
 */
export function guardNode(node: Redis, refusals: Refusals): Redis {
  const send = node.sendCommand.bind(node);
  node.sendCommand = (command, stream) => {
    const name = command.name.toLowerCase();
    if (name === "info") settle(command, checkVersion, unless(/^NOPERM/, ""));
    else if (name === "auth") settle(command, (reply) => reply, unless(NEEDS_NO_PASSWORD, "OK"));
    else {command.promise.then(() =>
        refusals.delete(name), (error) =>
        noteRefusal(refusals, name, error));}
    command.promise.catch(() => {});
    return send(command, stream);
  };
  const duplicate = node.duplicate.bind(node);
  // A cluster names its second connection to a node by `CLIENT SETNAME`, which needs a right.
  node.duplicate = (options) => guardNode(duplicate({ ...options, connectionName: "" }), refusals);
  return node;
}

/** Settles a command otherwise than its reply does; what follows a command may hang on itself alone. */
function settle(
  command: Command,
  onReply: (reply: unknown) => unknown,
  onError: (error: unknown) => unknown,
): void {
  const { resolve, reject } = command;
  function settleBy(settled: () => unknown): void {
    try {
      resolve(settled());
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
  command.resolve = (reply) => settleBy(() => onReply(reply));
  command.reject = (error) => settleBy(() => onError(error));
}

function checkVersion(reply: unknown): unknown {
  const [, version = "", major] = /^redis_version:((\d+)\.\d+)/m.exec(String(reply)) ?? [];
  if (major === undefined || Number(major) >= OLDEST_VERSION) return reply;
  throw new Error(`The store needs Redis ${OLDEST_VERSION}.0 or later, is ${version}`);
}

function unless<T>(expected: RegExp, fallback: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && expected.test(error.message)) return fallback;
    throw error;
  };
}
