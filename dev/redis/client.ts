import type { ByteString } from "./byte_string.ts";
import type { Protocol, Reply } from "./reply.ts";

/** What `MULTI` starts and `EXEC` runs. */
export interface Transaction {
  /** Each runs one queued call and returns its reply. */
  readonly calls: (() => Reply)[];
  /** Whether a request was refused, so that `EXEC` runs no call at all. */
  aborted: boolean;
}

/** The connection of a client, as commands see it. */
export interface Client {
  /** Unique among the connections of one server. */
  readonly id: number;
  /** The subscribed channels, oldest first. */
  readonly subscriptions: Set<ByteString>;
  /** Messages that the client's own request published to it; they follow the request's reply. */
  readonly messagesAfterReply: Reply[];
  /** The version of RESP in use: RESP2 until `HELLO` changes it. */
  protocol: Protocol;
  /** As set by `CLIENT SETNAME`, empty by default. */
  name: ByteString;
  /** The open transaction; requests are queued while there is one. */
  transaction: Transaction | undefined;
  /** Queues a reply or a message. */
  send(reply: Reply): void;
  /** Closes the connection after everything queued is sent. */
  end(): void;
}
