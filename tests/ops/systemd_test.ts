import { assert, assertEquals } from "@std/assert";
import { VARIABLE_NAMES } from "../../src/config.ts";
import { buildBundle } from "../helpers/bundle.ts";
import { HAS_SYSTEMD } from "../helpers/needs.ts";
import { readText } from "./files.ts";

const UNIT = "is-bitcoin-lit.service";
const STOP_SECONDS = 5;

/** Tenths: at most 2.0 of 10 is what systemd calls "OK", with access to the network. */
const MAX_EXPOSURE = 15;

const QUICK = { timeout: 60_000 };
const WITH_SYSTEMD = { timeout: 60_000, ignore: !HAS_SYSTEMD };

/** Reads the values of a setting of the unit, in their order. */
async function readSettings(name: string): Promise<string[]> {
  const lines = (await readText(`ops/${UNIT}`)).matchAll(/^(\w+)=(.*)$/gm);
  return [...lines].filter(([, key]) => key === name).map(([, , value = ""]) => value);
}

async function readEnvironment(): Promise<Record<string, string>> {
  const pairs = (await readSettings("Environment")).flatMap((line) => line.split(" "));
  return Object.fromEntries(pairs.map((pair) => pair.split("=")));
}

async function analyze(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, text: `${out}${error}` };
}

Deno.test(`systemd-analyze verify accepts ops/${UNIT}`, WITH_SYSTEMD, async () => {
  const folder = await Deno.makeTempDir();
  // This machine has Deno elsewhere.
  const unit = (await readText(`ops/${UNIT}`)).replace("/usr/local/bin/deno", "/bin/true");
  await Deno.writeTextFile(`${folder}/${UNIT}`, unit);
  assertEquals(await analyze("verify", "--man=no", `${folder}/${UNIT}`), { code: 0, text: "" });
  await Deno.writeTextFile(`${folder}/${UNIT}`, unit.replace("RestrictRealtime", "RestrictReal"));
  const { text } = await analyze("verify", "--man=no", `${folder}/${UNIT}`);
  assert(text.includes("RestrictReal"), "it would not notice a wrong name");
  await Deno.remove(folder, { recursive: true });
});

Deno.test(`systemd-analyze security finds ops/${UNIT} little exposed`, WITH_SYSTEMD, async () => {
  const path = new URL(`../../ops/${UNIT}`, import.meta.url);
  const folder = await Deno.makeTempDir();
  await Deno.copyFile(path, `${folder}/${UNIT}`);
  const threshold = `--threshold=${MAX_EXPOSURE}`;
  const { code, text } = await analyze(
    "security",
    "--offline=true",
    threshold,
    `${folder}/${UNIT}`,
  );
  assertEquals(code, 0, text);
  await Deno.remove(folder, { recursive: true });
});

Deno.test(`ops/${UNIT} sets variables that exist, and leaves time to stop`, QUICK, async () => {
  const { DENO_DIR, ...variables } = await readEnvironment();
  assertEquals(Object.keys(variables).filter((name) => !VARIABLE_NAMES.includes(name)), []);
  assertEquals((await readSettings("CacheDirectory")).map((name) => `/var/cache/${name}`), [
    DENO_DIR,
  ]);
  assert(Number((await readSettings("TimeoutStopSec"))[0]) > STOP_SECONDS);
});

Deno.test(`the command of ops/${UNIT} runs the bundle without a HOME`, {
  timeout: 60_000,
}, async () => {
  await using bundle = await buildBundle();
  const [command = ""] = await readSettings("ExecStart");
  const [program, ...args] = command.split(" ");
  assertEquals(program, "/usr/local/bin/deno");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "--warm"],
    cwd: bundle.directory,
    clearEnv: true,
    env: {
      ...await readEnvironment(),
      DENO_DIR: `${bundle.directory}/cache`,
      PORT: "0",
      REDIS_URL: "redis://127.0.0.1:1",
      LOG_LEVEL: "error",
    },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
