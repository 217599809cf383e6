// The runtime's limit: answers with the bytes and headers that it gets as JSON. With an entity tag, it
// compares `If-None-Match`, and answers 304 with the headers of such an answer.
const { body, headers, etag, isPrebuilt } = JSON.parse(Deno.args[0] ?? "{}");
const init = isPrebuilt ? new Headers(headers) : Object.fromEntries(headers);

Deno.serve(
  {
    hostname: Deno.env.get("HOST") ?? "127.0.0.1",
    port: Number(Deno.env.get("PORT")),
    onListen: ({ hostname, port }) => console.log(`http://${hostname}:${port}`),
  },
  (request) =>
    etag !== undefined && request.headers.get("if-none-match") === etag
      ? new Response(null, { status: 304, headers: init })
      : new Response(body, { headers: init }),
);
