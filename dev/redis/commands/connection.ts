import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import { type CommandTable, REDIS_VERSION } from "../command.ts";
import { parseInteger } from "../numbers.ts";
import { notAnInteger, OK, type Protocol, type Reply, ReplyError, wrongArity } from "../reply.ts";

/** The commands that work on the connection itself. */
export const CONNECTION_COMMANDS: CommandTable = {
  ping: { arity: -1, run: ping, allowedWhileSubscribed: true },
  hello: { arity: -1, run: hello },
  auth: { arity: -2, run: authenticate },
  quit: { arity: -1, run: quit, allowedWhileSubscribed: true, runsInsideTransaction: true },
  select: { arity: 2, run: select },
  client: {
    subcommands: {
      id: { arity: 2, run: (_args, client) => client.id },
      getname: { arity: 2, run: (_args, client) => client.name || null },
      setname: { arity: 3, run: setName },
      setinfo: { arity: 4, run: setInfo },
    },
  },
};

const DATABASES = 16;
const MAX_INT32 = 2 ** 31 - 1;
const PRINTABLE = /^[!-~]*$/;
const LIBRARY_ATTRIBUTES: readonly string[] = ["lib-name", "lib-ver"];

function ping(args: ByteString[], client: Client): Reply {
  const [message] = args;
  if (args.length > 1) throw wrongArity("ping");
  if (client.protocol === 2 && client.subscriptions.size > 0) return ["pong", message ?? ""];
  return message ?? { status: "PONG" };
}

function hello([version, ...options]: ByteString[], client: Client): Reply {
  const protocol = version === undefined ? client.protocol : parseProtocol(version);
  const name = parseHelloOptions(options);
  client.protocol = protocol;
  if (name !== undefined) client.name = name;
  return {
    map: [
      ["server", "redis"],
      ["version", REDIS_VERSION],
      ["proto", protocol],
      ["id", client.id],
      ["mode", "standalone"],
      ["role", "master"],
      ["modules", []],
    ],
  };
}

function parseProtocol(text: ByteString): Protocol {
  const version = parseInteger(text);
  if (version === undefined) {
    throw new ReplyError("ERR Protocol version is not an integer or out of range");
  }
  if (version !== 2 && version !== 3) {
    throw new ReplyError("NOPROTO unsupported protocol version");
  }
  return version;
}

/** Checks `AUTH user password` and returns the name of `SETNAME name`. */
function parseHelloOptions(options: ByteString[]): ByteString | undefined {
  let name: ByteString | undefined;
  for (let index = 0; index < options.length;) {
    const [option = "", first, second] = options.slice(index, index + 3);
    if (/^auth$/i.test(option) && second !== undefined) {
      checkUser(first ?? "");
      index += 3;
    } else if (/^setname$/i.test(option) && first !== undefined) {
      name = checkName(first);
      index += 2;
    } else {
      throw new ReplyError(`ERR Syntax error in HELLO option '${option}'`);
    }
  }
  return name;
}

function authenticate(args: ByteString[]): Reply {
  if (args.length > 2) throw new ReplyError("ERR syntax error");
  if (args.length === 1) {
    throw new ReplyError(
      "ERR AUTH <password> called without any password configured for the default user. " +
        "Are you sure your configuration is correct?",
    );
  }
  checkUser(args[0] ?? "");
  return OK;
}

/** The default user needs no password, so any password is accepted. */
function checkUser(user: ByteString): void {
  if (user === "default") return;
  throw new ReplyError("WRONGPASS invalid username-password pair or user is disabled.");
}

function quit(_args: ByteString[], client: Client): Reply {
  client.end();
  return OK;
}

function select([text = ""]: ByteString[]): Reply {
  const index = parseInteger(text);
  if (index === undefined) throw notAnInteger();
  if (Math.abs(index) > MAX_INT32) {
    throw new ReplyError(
      "ERR value is out of range, value must between -2147483648 and 2147483647",
    );
  }
  if (index < 0 || index >= DATABASES) throw new ReplyError("ERR DB index is out of range");
  if (index > 0) throw new ReplyError("ERR this server has one database: use SELECT 0");
  return OK;
}

function setName([name = ""]: ByteString[], client: Client): Reply {
  client.name = checkName(name);
  return OK;
}

function checkName(name: ByteString): ByteString {
  if (PRINTABLE.test(name)) return name;
  throw new ReplyError(
    "ERR Client names cannot contain spaces, newlines or special characters.",
  );
}

function setInfo([attribute = "", value = ""]: ByteString[]): Reply {
  const name = attribute.toLowerCase();
  if (!LIBRARY_ATTRIBUTES.includes(name)) {
    throw new ReplyError(`ERR Unrecognized option '${attribute}'`);
  }
  if (PRINTABLE.test(value)) return OK;
  throw new ReplyError(`ERR ${name} cannot contain spaces, newlines or special characters.`);
}
