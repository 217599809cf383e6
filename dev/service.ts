/**
 * The service as `deno task dev` runs it: once it listens, it connects to the port in the first argument,
 * and it ends with that connection. A supervisor that is killed takes the service along.
 *
 * @module
 */
import "../main.ts";

// One that is killed resets the connection, or is gone before there is one.
try {
  const supervisor = await Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
  await supervisor.readable.pipeTo(new WritableStream());
} finally {
  Deno.exit(1);
}
