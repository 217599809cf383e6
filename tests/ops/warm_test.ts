import { assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { buildBundle } from "../helpers/bundle.ts";
import { eventually } from "../helpers/eventually.ts";
import { copyTree, readText } from "./files.ts";

const NOBODY = 65_534;

const [, ...SERVE] = config.tasks.serve.command.split(" ");

/** Runs the bundle in its folder as the image does, as another user if this one may choose. */
function serve(folder: string, args: string[], env: Record<string, string>) {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    clearEnv: true,
    env: {
      HOST: "127.0.0.1",
      PORT: "0",
      REDIS_URL: "redis://127.0.0.1:1",
      DENO_DIR: `${folder}/deno-dir`,
      NO_COLOR: "1",
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
    ...otherUser(),
  });
}

/** Another user, if this one is root and Deno does not lie in its home. */
function otherUser(): { uid?: number; gid?: number } {
  const user = { uid: NOBODY, gid: NOBODY };
  try {
    const { success } = new Deno.Command(Deno.execPath(), { args: ["--version"], ...user })
      .outputSync();
    return success ? user : {};
  } catch {
    return {};
  }
}

/** The command in the Dockerfile that fills the cache: its variables and its arguments. */
async function readWarming(): Promise<{ env: Record<string, string>; args: string[] }> {
  const [, variables = "", args = ""] =
    /^RUN ((?:[A-Z_]+=\w+ )*)deno task --quiet serve (.+)$/m.exec(await readText("Dockerfile")) ??
      [];
  const env = Object.fromEntries(variables.trim().split(" ").map((text) => text.split("=")));
  return { env, args: [...SERVE, ...args.split(" ")] };
}

Deno.test("the image's run with --warm ends by itself, and the next start compiles nothing", {
  timeout: 60_000,
}, async () => {
  await using bundle = await buildBundle();
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  await copyTree(bundle.directory, folder);
  await Deno.mkdir(`${folder}/deno-dir`);
  const { uid = null, gid = null } = otherUser();
  await Deno.chown(`${folder}/deno-dir`, uid, gid);

  const { env, args } = await readWarming();
  const warmed = await serve(folder, args, env).output();
  const warnings = new TextDecoder().decode(warmed.stderr);
  assertEquals([warmed.code, warnings], [0, ""]);

  const service = serve(folder, [...SERVE, "--log-level=debug", "main.js"], { FEED: "live" })
    .spawn();
  let output = "";
  const reading = Promise.all([service.stdout, service.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  }));
  await eventually(() => output.includes('"listening"'));
  service.kill("SIGTERM");
  await service.status;
  await reading;
  assertMatch(output, /V8 code cache hit for ES module: file:\S+\/main\.js/);
  assertEquals(output.match(/Updating V8 code cache for ES module: file:\S+/g), null);
  await Deno.remove(folder, { recursive: true });
});
