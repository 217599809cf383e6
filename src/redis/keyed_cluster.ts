import { Cluster } from "ioredis";
import { COMMAND_TIMEOUT_MS } from "./command.ts";

/** A client for a cluster that may be sent commands ioredis does not know: those of time series. */
export class KeyedCluster extends Cluster {
  override sendCommand(...sent: Parameters<Cluster["sendCommand"]>): unknown {
    const [command] = sent;
    // A node's own limit begins when it has the command: while there is no node, nothing would end.
    command.setTimeout(COMMAND_TIMEOUT_MS);
    // Where ioredis does not know which argument is the key, it asks any node and is sent on.
    const { name, args: [key] } = command;
    if (/^TS\./i.test(name)) command.getKeys = () => [String(key)];
    return super.sendCommand(...sent);
  }
}
