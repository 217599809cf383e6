/** A TCP port on loopback that was free a moment ago, for programs that cannot choose one. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
