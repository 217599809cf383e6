import { assert, assertEquals } from "@std/assert";
import { parseConfig, VARIABLE_NAMES } from "../src/config.ts";
import { FEED_NAMES } from "../src/feeds/mod.ts";
import {
  readCompose,
  readExampleVariables,
  readPermittedVariables,
  readReadmeVariables,
} from "./ops/variables.ts";

const QUICK = { timeout: 60_000 };

Deno.test("README.md lists the variables of src/config.ts", QUICK, async () => {
  assertEquals((await readReadmeVariables()).sort(), [...VARIABLE_NAMES].sort());
});

Deno.test("deno.json permits the variables of src/config.ts", QUICK, async () => {
  assertEquals(await readPermittedVariables(), [...VARIABLE_NAMES].sort());
});

Deno.test(
  ".env.example lists variables of src/config.ts, each with a valid value",
  QUICK,
  async () => {
    const example = await readExampleVariables();
    assertEquals(Object.keys(example).filter((name) => !VARIABLE_NAMES.includes(name)), []);
    assertEquals(parseConfig(example, FEED_NAMES).feed, "live");
  },
);

Deno.test("compose.yaml passes .env on, and sets what its network decides", QUICK, async () => {
  const { env_file: [file], environment } = (await readCompose()).services.app;
  assertEquals(file, { path: ".env", required: false });
  const unknown = Object.keys(environment).filter((name) => !VARIABLE_NAMES.includes(name));
  assertEquals(unknown, []);
  const { FEED, ...fixed } = environment;
  assertEquals(FEED, "${FEED:-live}");
  // What it sets counts more than .env, so an address of this machine cannot get in.
  assertEquals(fixed, { REDIS_URL: "redis://redis:6379", HOST: "0.0.0.0", PORT: "8000" });
});

Deno.test("compose.yaml runs a Redis 8 that deletes no series", QUICK, async () => {
  const { image, command } = (await readCompose()).services.redis;
  assertEquals(image, "redis:8");
  assert(command.join(" ").includes("--maxmemory-policy noeviction"));
  assert(command.join(" ").includes("--appendonly yes"));
});
