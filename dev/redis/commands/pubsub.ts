import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import type { Reply } from "../reply.ts";

/** The commands to publish and to listen. */
export const PUBSUB_COMMANDS: CommandTable = {
  publish: { arity: 3, run: publish },
  subscribe: { arity: -2, run: subscribe, allowedWhileSubscribed: true },
  unsubscribe: { arity: -1, run: unsubscribe, allowedWhileSubscribed: true },
};

function publish(args: ByteString[], client: Client, { pubsub }: ServerContext): undefined {
  const [channel = "", message = ""] = args;
  const listeners = pubsub.listeners(channel);
  // One who listens to what it publishes itself gets the reply first.
  client.send(listeners.length);
  for (const listener of listeners) listener.send({ push: ["message", channel, message] });
}

function subscribe(channels: ByteString[], client: Client, { pubsub }: ServerContext): undefined {
  for (const channel of channels) {
    pubsub.subscribe(client, channel);
    client.send(confirmation("subscribe", channel, client));
  }
}

function unsubscribe(args: ByteString[], client: Client, { pubsub }: ServerContext): undefined {
  const channels = args.length > 0 ? args : [...client.subscriptions];
  if (channels.length === 0) client.send(confirmation("unsubscribe", null, client));
  for (const channel of channels) {
    pubsub.unsubscribe(client, channel);
    client.send(confirmation("unsubscribe", channel, client));
  }
}

function confirmation(what: string, channel: ByteString | null, client: Client): Reply {
  return { push: [what, channel, client.subscriptions.size] };
}
