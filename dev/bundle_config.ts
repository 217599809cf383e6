/**
 * Writes the deno.json of the bundle to the path in the first argument. It has the task `serve`, but no
 * dependencies: the bundle contains them, and Deno would fetch them again.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

const [path = "dist/deno.json"] = Deno.args;
const { tasks: { serve }, unstable } = config;
const text = JSON.stringify({ tasks: { serve }, unstable }, undefined, 2);
await Deno.writeTextFile(path, `${text}\n`);
