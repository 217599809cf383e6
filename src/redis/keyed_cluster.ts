import { Cluster, type Redis } from "ioredis";
import { COMMAND_TIMEOUT_MS } from "./command.ts";

/** A client for a cluster that may be sent commands ioredis does not know: those of time series. */
export class KeyedCluster extends Cluster {
  override sendCommand(...sent: Parameters<Cluster["sendCommand"]>): unknown {
    const [command] = sent;
    // A node's own limit starts when it gets the command: without a node, the command would never end.
    command.setTimeout(COMMAND_TIMEOUT_MS);
    // When ioredis does not know which argument is the key, it asks any node and is redirected.
    const { name, args: [key] } = command;
    if (/^TS\./i.test(name)) command.getKeys = () => [String(key)];
    return super.sendCommand(...sent);
  }
}

/**
 * Keeps a failure of what ioredis sends to a node by itself from ending the process: while a slot moves,
 * it leaves the promise of its `ASKING` alone.
 */
export function containCommands(node: Redis): void {
  const send = node.sendCommand.bind(node);
  node.sendCommand = (command, stream) => {
    command.promise.catch(() => {});
    return send(command, stream);
  };
}
