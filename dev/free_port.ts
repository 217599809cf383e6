// Below the ports that systems give to connections (from 32768 on Linux, 49152 elsewhere): another program's
// connection could take one of those before the caller does.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A TCP port on loopback that was free a moment ago, for programs that cannot choose one. */
export function freePort(): number {
  while (true) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    try {
      using _listener = Deno.listen({ hostname: "127.0.0.1", port });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
