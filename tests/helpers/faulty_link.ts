import { Redis } from "ioredis";
import { connect } from "../../src/redis/connection.ts";

/** What happens to commands on their way to Redis and back. */
type Fault = (send: () => unknown, command: SentCommand) => unknown;

type SentCommand = Parameters<Redis["sendCommand"]>[0];

/** Commands that wait until the test lets them go. */
export interface HeldCommands {
  /** How many wait now. */
  readonly waiting: number;
  /** Resolves when a command waits. */
  readonly arrived: Promise<void>;
  /** Sends those that wait, in their order, and holds no more. */
  release(): void;
}

/** The connections of one service, on which named commands can be held, refused or lost. */
export class FaultyLink {
  readonly #faults = new Map<string, Fault>();

  /** Connects as the service does; faults apply to these connections. */
  readonly connect: typeof connect = (urls, options) => {
    const connection = connect(urls, options);
    if (!(connection instanceof Redis)) throw new TypeError("A cluster has no faulty link");
    this.attach(connection);
    return connection;
  };

  /** Applies the faults to a client. */
  attach(client: Redis): void {
    const send = client.sendCommand.bind(client);
    client.sendCommand = (command, stream) => {
      const fault = this.#faults.get(command.name.toUpperCase());
      const sendIt = () => send(command, stream);
      return fault === undefined ? sendIt() : fault(sendIt, command);
    };
  }

  /** Lets commands of a name pass again. */
  heal(name: string): void {
    this.#faults.delete(name);
  }

  /** Holds commands of a name; for a transaction, hold `EXEC`. */
  hold(name: string): HeldCommands {
    const held: (() => unknown)[] = [];
    const arrived = Promise.withResolvers<void>();
    this.#faults.set(name, (send, command) => {
      held.push(send);
      arrived.resolve();
      return command.promise;
    });
    return {
      get waiting() {
        return held.length;
      },
      arrived: arrived.promise,
      release: () => {
        this.heal(name);
        for (const send of held.splice(0)) send();
      },
    };
  }

  /** Fails commands of a name without sending them. */
  refuse(name: string): void {
    this.#faults.set(name, (_send, command) => {
      command.reject(new Error("Connection is closed."));
      return command.promise;
    });
  }

  /** Sends commands of a name, and loses their replies; for a transaction, lose those of `EXEC`. */
  loseReplies(name: string): void {
    this.#faults.set(name, (send, command) => {
      command.resolve = () => command.reject(new Error("Connection is closed."));
      return send();
    });
  }
}
