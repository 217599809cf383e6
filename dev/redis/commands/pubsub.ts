import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import type { CommandTable, ServerContext } from "../command.ts";
import type { Reply } from "../reply.ts";

/** The commands that publish and subscribe. */
export const PUBSUB_COMMANDS: CommandTable = {
  publish: { arity: 3, run: publish },
  subscribe: { arity: -2, run: subscribe, allowedWhileSubscribed: true },
  unsubscribe: { arity: -1, run: unsubscribe, allowedWhileSubscribed: true },
};

function publish(args: ByteString[], client: Client, { pubsub }: ServerContext): Reply {
  const [channel = "", message = ""] = args;
  const subscribers = pubsub.subscribers(channel);
  for (const subscriber of subscribers) {
    const push: Reply = { push: ["message", channel, message] };
    if (subscriber === client) client.messagesAfterReply.push(push);
    else subscriber.send(push);
  }
  return subscribers.length;
}

function subscribe(channels: ByteString[], client: Client, { pubsub }: ServerContext): Reply {
  return {
    sequence: channels.map((channel) => {
      pubsub.subscribe(client, channel);
      return confirmation("subscribe", channel, client);
    }),
  };
}

function unsubscribe(args: ByteString[], client: Client, { pubsub }: ServerContext): Reply {
  const channels = args.length > 0 ? args : [...client.subscriptions];
  if (channels.length === 0) return confirmation("unsubscribe", null, client);
  return {
    sequence: channels.map((channel) => {
      pubsub.unsubscribe(client, channel);
      return confirmation("unsubscribe", channel, client);
    }),
  };
}

function confirmation(kind: string, channel: ByteString | null, client: Client): Reply {
  return { push: [kind, channel, client.subscriptions.size] };
}
