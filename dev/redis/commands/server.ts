import type { ByteString } from "../byte_string.ts";
import type { Client } from "../client.ts";
import { type CommandTable, REDIS_VERSION, type ServerContext } from "../command.ts";
import { OK, type Reply } from "../reply.ts";

/** The commands that work on the server itself. */
export const SERVER_COMMANDS: CommandTable = {
  info: { arity: -1, run: info },
  config: {
    subcommands: {
      resetstat: { arity: 2, run: resetStatistics },
    },
  },
};

interface Section {
  readonly name: string;
  readonly lines: (server: ServerContext) => string[];
}

/** In the order of the reply. */
const SECTIONS: readonly Section[] = [
  {
    name: "Server",
    lines: ({ port }) => [
      `redis_version:${REDIS_VERSION}`,
      "redis_mode:standalone",
      `tcp_port:${port}`,
    ],
  },
  { name: "Persistence", lines: () => ["loading:0"] },
  { name: "Replication", lines: () => ["role:master", "connected_slaves:0"] },
  { name: "Commandstats", lines: ({ stats }) => stats.lines() },
];
const LEFT_OUT_BY_DEFAULT = "Commandstats";

function info(args: ByteString[], _client: Client, server: ServerContext): Reply {
  const wanted = new Set(args.map((name) => name.toLowerCase()));
  const sections = SECTIONS.filter(({ name }) => isWanted(name, wanted))
    .map(({ name, lines }) => [`# ${name}`, ...lines(server), ""].join("\r\n"));
  return { verbatim: sections.join("\r\n") };
}

function isWanted(section: string, wanted: ReadonlySet<string>): boolean {
  if (wanted.has("all") || wanted.has("everything") || wanted.has(section.toLowerCase())) {
    return true;
  }
  return (wanted.size === 0 || wanted.has("default")) && section !== LEFT_OUT_BY_DEFAULT;
}

function resetStatistics(_args: ByteString[], _client: Client, { stats }: ServerContext): Reply {
  stats.reset();
  return OK;
}
