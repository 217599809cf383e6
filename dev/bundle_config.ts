/**
 * Writes the deno.json of the bundle to the path in the first argument: how the bundle is run, without
 * the dependencies, which it contains. With these, Deno would fetch them once more.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

const [path = "dist/deno.json"] = Deno.args;
const { tasks: { serve }, unstable } = config;
const text = JSON.stringify({ tasks: { serve }, unstable }, undefined, 2);
await Deno.writeTextFile(path, `${text}\n`);
