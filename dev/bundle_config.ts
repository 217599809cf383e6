/**
 * Writes the deno.json of the bundle: how it is run, without the dependencies that it has inside. With
 * these, whoever runs it would fetch them once more.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

const { tasks: { serve }, unstable } = config;
const text = JSON.stringify({ tasks: { serve }, unstable }, undefined, 2);
await Deno.writeTextFile("dist/deno.json", `${text}\n`);
