import type { ByteString } from "./byte_string.ts";
import type { Protocol, Reply } from "./reply.ts";

/** What a command may know of the client that sent it, and do to it. */
export interface Client {
  /** Unique among the connections of one server. */
  readonly id: number;
  /** The channels listened to, oldest first. */
  readonly subscriptions: Set<ByteString>;
  /** The version of RESP spoken; RESP2 until `HELLO` says otherwise. */
  protocol: Protocol;
  /** As set by `CLIENT SETNAME`, empty by default. */
  name: ByteString;
  /** Queues a reply or a message. */
  send(reply: Reply): void;
  /** Ends the connection once everything queued has been sent. */
  end(): void;
}
