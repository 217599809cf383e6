import { assert, assertEquals } from "@std/assert";
import { VARIABLE_NAMES } from "../src/config.ts";
import {
  readCompose,
  readExampleVariables,
  readPermittedVariables,
  readReadmeVariables,
} from "./ops/variables.ts";

const QUICK = { timeout: 5_000 };

// compose.yaml sets these itself.
const SET_BY_COMPOSE = ["REDIS_URL", "HOST", "PORT"];

Deno.test(".env.example lists the variables of src/config.ts", QUICK, async () => {
  assertEquals((await readExampleVariables()).sort(), [...VARIABLE_NAMES].sort());
});

Deno.test("README.md lists the variables of .env.example", QUICK, async () => {
  assertEquals((await readReadmeVariables()).sort(), (await readExampleVariables()).sort());
});

Deno.test("the tasks start and serve may read the variables of .env.example", QUICK, async () => {
  const expected = (await readExampleVariables()).sort();
  const permitted = await readPermittedVariables();
  for (const task of ["start", "serve"]) assertEquals(permitted.get(task), expected, task);
});

Deno.test("compose.yaml passes the variables of .env.example on", QUICK, async () => {
  const { environment } = (await readCompose()).services.app;
  const names = Object.keys(environment).filter((name) => !name.startsWith("OTEL_EXPORTER_"));
  assertEquals(names.sort(), (await readExampleVariables()).sort());
  for (const [name, value] of Object.entries(environment)) {
    const isPassedOn = value.startsWith(`\${${name}:-`);
    assertEquals(isPassedOn, !SET_BY_COMPOSE.includes(name), `${name}: ${value}`);
  }
});

Deno.test("compose.yaml runs a Redis 8 that deletes no series", QUICK, async () => {
  const { image, command } = (await readCompose()).services.redis;
  assertEquals(image, "redis:8");
  assert(command.join(" ").includes("--maxmemory-policy noeviction"));
  assert(command.join(" ").includes("--appendonly yes"));
});
