import { Redis } from "ioredis";
import { connect } from "../../src/redis/connection.ts";

/** What happens to a command on its way to Redis and back. */
type Fault = (send: () => unknown, command: SentCommand) => unknown;

type SentCommand = Parameters<Redis["sendCommand"]>[0];

/** Commands or replies that wait until the test lets them go. */
export interface Held {
  /** Resolves when the first one waits. */
  readonly arrived: Promise<void>;
  /** Lets those that wait go, in their order, and holds no more. */
  release(): void;
}

/**
 * The connections of one service, on which commands can be held, refused or lost. A pattern is compared
 * with the name and the key, such as `SET is-bitcoin-lit:cache`; for a transaction, with `EXEC `.
 */
export class FaultyLink {
  readonly #faults = new Map<RegExp, Fault>();
  #pending = 0;

  /** How many commands have no reply yet. */
  get pending(): number {
    return this.#pending;
  }

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
      const text = `${command.name.toUpperCase()} ${command.args[0] ?? ""}`;
      const [, fault] = [...this.#faults].find(([pattern]) => pattern.test(text)) ?? [];
      const sendIt = () => send(command, stream);
      this.#pending++;
      command.promise.catch(() => {}).finally(() => this.#pending--);
      return fault === undefined ? sendIt() : fault(sendIt, command);
    };
  }

  /** Lets all commands pass again. */
  heal(): void {
    this.#faults.clear();
  }

  /** Holds commands before Redis receives them. */
  hold(pattern: RegExp): Held {
    return this.#hold(pattern, (send, command, wait) => {
      wait(send);
      return command.promise;
    });
  }

  /** Lets Redis run commands, and holds their replies. */
  holdReplies(pattern: RegExp): Held {
    return this.#hold(pattern, (send, command, wait) => {
      const resolve = command.resolve.bind(command);
      command.resolve = (reply) => wait(() => resolve(reply));
      return send();
    });
  }

  /** Replaces the sending of commands. */
  replace(pattern: RegExp, fault: (send: () => unknown) => unknown): void {
    this.#faults.set(pattern, fault);
  }

  /** Fails commands without sending them. */
  refuse(pattern: RegExp): void {
    this.#faults.set(pattern, (_send, command) => {
      command.reject(new Error("Connection is closed."));
      return command.promise;
    });
  }

  /** Lets Redis run commands, and loses the replies of those for which `isLost` holds. */
  loseReplies(pattern: RegExp, isLost: () => boolean = () => true): void {
    this.#faults.set(pattern, (send, command) => {
      if (isLost()) command.resolve = () => command.reject(new Error("Connection is closed."));
      return send();
    });
  }

  #hold(
    pattern: RegExp,
    fault: (send: () => unknown, command: SentCommand, wait: (go: () => void) => void) => unknown,
  ): Held {
    const waiting: (() => void)[] = [];
    const arrived = Promise.withResolvers<void>();
    this.#faults.set(pattern, (send, command) =>
      fault(send, command, (go) => {
        waiting.push(go);
        arrived.resolve();
      }));
    return {
      arrived: arrived.promise,
      release: () => {
        this.#faults.delete(pattern);
        for (const go of waiting.splice(0)) go();
      },
    };
  }
}
