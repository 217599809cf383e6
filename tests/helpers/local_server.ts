/** An HTTP server on a free loopback port, for as long as the test that uses it runs. */
export interface LocalServer extends AsyncDisposable {
  readonly url: string;
  /** How many requests there were so far. */
  readonly requests: number;
}

/** Serves `handler` on a free loopback port. */
export function serveLocally(
  handler: Deno.ServeHandler<Deno.NetAddr>,
): LocalServer {
  let requests = 0;
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen() {} },
    (request, info) => {
      requests++;
      return handler(request, info);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}
