import { assertEquals } from "@std/assert";
import { findCodeBlocks } from "../docs/markdown.ts";
import { eventually } from "../helpers/eventually.ts";
import { freePort } from "../../dev/free_port.ts";
import { HAS_REDIS_SERVER } from "../helpers/needs.ts";
import { tell } from "../helpers/redis_server.ts";
import { readText } from "./files.ts";

const ON_DEBIAN = {
  ignore: !HAS_REDIS_SERVER,
  sanitizeOps: false,
  sanitizeResources: false,
  timeout: 60_000,
};

const DATA = "/var/lib/redis";

/** The program to move to: a newer Redis, where there is one. */
const NEWER_REDIS = Deno.env.get("NEWER_REDIS_PATH") ?? "redis-server";

/** A machine whose Redis `systemctl` starts and stops. */
interface Machine extends AsyncDisposable {
  /** Sends one command to its Redis. */
  tell(name: string, ...args: string[]): Promise<unknown>;
  /** Runs commands of the document, and waits until Redis answers. */
  run(commands: string): Promise<void>;
}

/** Starts a machine with its data below `folder`, where its commands run. */
async function startMachine(
  { folder, appendOnly, program = "redis-server" }: {
    folder: string;
    appendOnly: "yes" | "no";
    program?: string;
  },
): Promise<Machine> {
  const port = freePort();
  const data = await Deno.makeTempDir({ dir: folder });
  // Without the last one, a backup waits 5 s for replicas.
  const options =
    `--port ${port} --bind 127.0.0.1 --save "" --dir '${data}' --appendonly ${appendOnly} ` +
    "--repl-diskless-sync-delay 0 --logfile redis.log --daemonize yes";
  // What only a real machine has.
  const machine = `set -eu
    sudo() { "$@"; }
    chown() { :; }
    redis-cli() { command redis-cli -p ${port} "$@"; }
    systemctl() {
      case $1 in
        stop) redis-cli shutdown ;;
        start) ${program} ${options} ;;
      esac
    }`;
  async function execute(commands: string): Promise<void> {
    const { success, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", `${machine}\n${commands.replaceAll(DATA, data)}`],
      cwd: folder,
    }).output();
    const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    if (!success) throw new Error(`${out}${error}`);
  }
  async function run(commands: string): Promise<void> {
    await execute(commands);
    await eventually(async () => await tell(port, "PING") === "PONG");
  }
  await run("systemctl start redis-server");
  return {
    tell: (name, ...args) => tell(port, name, ...args),
    run,
    [Symbol.asyncDispose]: () => execute("systemctl stop redis-server"),
  };
}

async function readCommands(name: string): Promise<string> {
  const blocks = findCodeBlocks(await readText("docs/operations.md"));
  const block = blocks.find(({ info }) => info === `sh ${name}`);
  if (block === undefined) throw new Error(`docs/operations.md must have the commands "${name}"`);
  return block.lines.join("\n");
}

Deno.test.each(
  [
    { where: "with appendonly yes", appendOnly: "yes", how: "restore with AOF" },
    { where: "with appendonly no", appendOnly: "no", how: "restore without AOF" },
    { where: "on a newer Redis", appendOnly: "yes", how: "restore with AOF", program: NEWER_REDIS },
  ] as const,
)("the documented backup comes back $where", ON_DEBIAN, async ({ how, ...options }) => {
  const folder = await Deno.makeTempDir();
  {
    await using old = await startMachine({ folder, appendOnly: options.appendOnly });
    await old.tell("SET", "kept", "before the backup");
    await old.run(await readCommands("backup"));

    await using restored = await startMachine({ folder, ...options });
    await restored.tell("SET", "lost", "after the backup");
    await restored.run(await readCommands(how));
    assertEquals(await restored.tell("GET", "kept"), "before the backup");
    assertEquals(await restored.tell("DBSIZE"), 1);

    await restored.tell("SET", "new", "after the restore");
    if (options.appendOnly === "no") await restored.tell("SAVE");
    await restored.run("systemctl stop redis-server; systemctl start redis-server");
    assertEquals(await restored.tell("DBSIZE"), 2, "both outlive a restart");
  }
  await Deno.remove(folder, { recursive: true });
});
