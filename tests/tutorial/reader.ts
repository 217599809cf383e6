import { assert, assertEquals } from "@std/assert";
import { dedent } from "../docs/markdown.ts";
import { eventually } from "../helpers/eventually.ts";
import { freePort } from "../../dev/free_port.ts";
import { type Exchange, findExchanges } from "./blocks.ts";

const ROOT = new URL("../../", import.meta.url);
const COPIED = ["deno.json", "deno.lock", "dev", "tutorial"];
const KEYS_LEFT = ["tutorial:price:mean:30s", "tutorial:sentiment:mean:30s", "tutorial:cache"];
const IS_SERVER = /^(?:Listening on|Embedded Redis listens on) /m;
const TASK = /^Task .*\n/;

/** A program that runs on while the reader types elsewhere. */
interface Server {
  readonly child: Deno.ChildProcess;
  readonly output: () => string;
  /** How much of the output the text has shown. */
  shown: number;
}

/** Follows the tutorial literally, in a copy of the project, and compares all that appears. */
export class Reader implements AsyncDisposable {
  #folder = Deno.makeTempDirSync();
  #port = freePort();
  #redisPort = freePort();
  #redisUrl = realRedis() ?? `redis://127.0.0.1:${this.#redisPort}`;
  #redis: Server | undefined;
  #service: Server | undefined;
  #originals = new Map<string, string>();

  constructor() {
    for (const name of COPIED) copy(new URL(name, ROOT), `${this.#folder}/${name}`);
  }

  /** At a new heading the reader stops the service and undoes changes of the programs. */
  async startSection(): Promise<void> {
    await stop(this.#service);
    this.#service = undefined;
    for (const [path, text] of this.#originals) await Deno.writeTextFile(path, text);
    this.#originals.clear();
  }

  /** Checks that a file contains lines that the text shows, at any indentation. */
  async find(file: string, lines: readonly string[]): Promise<void> {
    const source = (await Deno.readTextFile(`${this.#folder}/${file}`)).split("\n");
    const wanted = dedent(lines).join("\n");
    const isThere = source.some((_, start) =>
      dedent(source.slice(start, start + lines.length)).join("\n") === wanted
    );
    assert(isThere, `${file} does not contain\n${wanted}`);
  }

  /** Changes a file as a diff without context shows, until the next heading. */
  async change(file: string, lines: readonly string[]): Promise<void> {
    const path = `${this.#folder}/${file}`;
    const text = await Deno.readTextFile(path);
    const [before, after] = ["-", "+"].map((sign) =>
      lines.filter((line) => line.startsWith(sign)).map((line) => `${line.slice(1)}\n`).join("")
    );
    assertEquals(text.split(before ?? "").length, 2, `${file} must contain once:\n${before}`);
    if (!this.#originals.has(path)) this.#originals.set(path, text);
    await Deno.writeTextFile(path, text.replace(before ?? "", () => after ?? ""));
  }

  /** Types what a terminal of the text shows, and compares the output. */
  async type(lines: readonly string[]): Promise<void> {
    const exchanges = findExchanges(lines);
    if (exchanges.some(({ prompt }) => prompt === "redis")) return await this.#ask(exchanges);
    for (const exchange of exchanges) {
      const { prompt, command, output } = exchange;
      if (prompt === undefined) await this.#awaitOutput(this.#service, output);
      else if (IS_SERVER.test(output.join("\n"))) await this.#start(exchange);
      else assertEquals(await this.#run(command), output.join("\n"), command);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stop(this.#service);
    await this.#run(`deno task redis-cli DEL ${KEYS_LEFT.join(" ")}`);
    await stop(this.#redis);
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** Sends the commands of one block to `deno task redis-cli`, with what may differ left out. */
  async #ask(exchanges: Exchange[]): Promise<void> {
    const [first] = exchanges;
    const commands = exchanges.filter(({ prompt }) => prompt === "redis");
    const input = commands.map(({ command }) => command).join("\n");
    const printed = await this.#run("deno task redis-cli", input);
    const shown = exchanges.flatMap(({ output }) => output).join("\n");
    const actual = first?.prompt === "$" ? printed : printed.replace(TASK, "");
    assertEquals(withoutChance(actual, input), withoutChance(shown, input), input);
  }

  async #run(command: string, input = ""): Promise<string> {
    const child = this.#spawn(command, "piped");
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { stdout, stderr } = await child.output();
    return this.#asInText(decode(stderr) + decode(stdout)).trimEnd();
  }

  async #start({ command, output }: Exchange): Promise<void> {
    const isRedis = command === "deno task redis";
    if (!isRedis) await stop(this.#service);
    const port = isRedis ? ` --port ${this.#redisPort}` : "";
    const server = collect(this.#spawn(command + port, "null"));
    if (isRedis) this.#redis = server;
    else this.#service = server;
    await this.#awaitOutput(server, output);
  }

  async #awaitOutput(server: Server | undefined, lines: readonly string[]): Promise<void> {
    if (server === undefined) throw new Error(`Nothing runs that could print ${lines[0]}`);
    const expected = lines.join("\n") + "\n";
    await eventually(() => {
      const printed = this.#asInText(server.output()).slice(server.shown);
      assertEquals(printed.slice(0, expected.length), expected);
      return true;
    });
    server.shown += expected.length;
  }

  #spawn(command: string, stdin: "piped" | "null"): Deno.ChildProcess {
    const [program = "", ...args] = command.split(" ");
    return new Deno.Command(program === "deno" ? Deno.execPath() : program, {
      args: args.map((arg) => arg.replace("localhost:8000", `localhost:${this.#port}`)),
      cwd: this.#folder,
      env: { NO_COLOR: "1", PORT: String(this.#port), REDIS_URL: this.#redisUrl },
      stdin,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Replaces the ports of this run by those of the text. */
  #asInText(output: string): string {
    return output.replace(` '--port' '${this.#redisPort}'`, "")
      .replaceAll(String(this.#redisPort), "6379")
      .replaceAll(`:${this.#port}`, ":8000");
  }
}

/** Masks sizes and lives, and sorts keys, which come in any order; Redis 8 has two fields more. */
function withoutChance(output: string, commands: string): string {
  if (/^(?:KEYS|SCAN)\b/m.test(commands)) {
    return output.split("\n").map((line) => line.replace(/^(?: *\d+\) )+/, "")).sort().join("\n");
  }
  return output
    .replace(/((?:memoryUsage|chunkCount|chunkSize)\n.*\(integer\)) \d+/g, "$1 #")
    .replace(/\n25\) ignoreMaxTimeDiff\n.*\n.*\n.*/, "")
    .replace(/\(integer\) (?:120|1[01]\d)$/gm, "(integer) #");
}

/** The server of `TEST_REDIS_URL`, with a database in which no other test has keys. */
function realRedis(): string | undefined {
  const given = Deno.env.get("TEST_REDIS_URL");
  return given ? new URL("/9", given).href : undefined;
}

function collect(child: Deno.ChildProcess): Server {
  let output = "";
  async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  }
  void read(child.stdout);
  void read(child.stderr);
  return { child, output: () => output, shown: 0 };
}

async function stop(server: Server | undefined): Promise<void> {
  if (server === undefined) return;
  try {
    server.child.kill("SIGINT");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // It has ended already.
  }
  await server.child.status;
}

function copy(from: URL, to: string): void {
  if (Deno.statSync(from).isFile) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    copy(new URL(`${from.href}/${name}`), `${to}/${name}`);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
