/**
 * A prompt for Redis commands that needs no installation: `deno task redis-cli`, or one command as
 * arguments. It connects to `REDIS_URL`, and prints replies as `redis-cli` does under RESP2.
 *
 * @module
 */
import { toBytes, toByteString } from "./redis/byte_string.ts";
import { type ClientReply, formatReply, readReply } from "./redis_reply.ts";

const DEFAULT_URL = "redis://127.0.0.1:6379";
const WORD = /"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g;
const USAGE = "usage: deno task redis-cli [--port PORT] [COMMAND [ARGUMENT ...]]";

const { url, command } = parseArguments(Deno.args);
const host = `${url.hostname}:${url.port || "6379"}`;
const socket = await connect();
let received = "";

if (url.password !== "") {
  const user = url.username === "" ? [] : [decodeURIComponent(url.username)];
  await call(["AUTH", ...user, decodeURIComponent(url.password)]);
}
if (url.pathname.length > 1) await call(["SELECT", url.pathname.slice(1)]);
if (command.length > 0) await print(command);
else if (Deno.stdin.isTerminal()) await ask();
else await readCommands();
socket.close();

function parseArguments(args: string[]): { url: URL; command: string[] } {
  if (args[0] !== "--port") {
    return { url: new URL(Deno.env.get("REDIS_URL") || DEFAULT_URL), command: args };
  }
  const [, port = "", ...command] = args;
  if (!/^\d{1,5}$/.test(port)) exit(`--port must be a number, not "${port}"\n${USAGE}`);
  return { url: new URL(`redis://127.0.0.1:${port}`), command };
}

async function connect(): Promise<Deno.TcpConn> {
  if (url.protocol !== "redis:") exit(`REDIS_URL must start with redis://, not ${url.protocol}//`);
  try {
    return await Deno.connect({ hostname: url.hostname, port: Number(url.port || "6379") });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return exit(`Cannot connect to ${host}: ${reason}\nStart a server: deno task redis`);
  }
}

async function ask(): Promise<void> {
  for (let line = ""; line !== null; line = prompt(`${host}>`) ?? "exit") {
    const words = splitWords(line);
    if (/^(?:exit|quit)$/i.test(words[0] ?? "")) return;
    if (words.length > 0) await print(words);
  }
}

async function readCommands(): Promise<void> {
  for (const line of (await new Response(Deno.stdin.readable).text()).split("\n")) {
    const words = splitWords(line);
    if (words.length > 0) await print(words);
  }
}

function splitWords(line: string): string[] {
  return [...line.matchAll(WORD)].map(([, double, single, plain]) =>
    double?.replace(/\\(.)/g, "$1") ?? single ?? plain ?? ""
  );
}

async function print(words: string[]): Promise<void> {
  console.log(formatReply(await call(words)));
}

async function call(words: string[]): Promise<ClientReply> {
  const bulks = words.map((word) => toByteString(new TextEncoder().encode(word)))
    .map((word) => `$${word.length}\r\n${word}\r\n`);
  const bytes = toBytes(`*${words.length}\r\n${bulks.join("")}`);
  for (let sent = 0; sent < bytes.length;) sent += await socket.write(bytes.subarray(sent));
  return await receive();
}

async function receive(): Promise<ClientReply> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const read = readReply(received);
    if (read !== undefined) {
      received = received.slice(read.end);
      return read.reply;
    }
    const count = await socket.read(buffer);
    if (count === null) exit(`${host} closed the connection`);
    received += toByteString(buffer.subarray(0, count));
  }
}

function exit(message: string): never {
  console.error(message);
  Deno.exit(1);
}
