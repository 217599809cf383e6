// The runtime's limit: answers every request with the same bytes and headers, which it gets as JSON.
const { body, headers, status, isPrebuilt } = JSON.parse(Deno.args[0] ?? "{}");
const init = { status, headers: isPrebuilt ? new Headers(headers) : Object.fromEntries(headers) };
const content = status === 304 ? null : body;

Deno.serve(
  {
    hostname: Deno.env.get("HOST") ?? "127.0.0.1",
    port: Number(Deno.env.get("PORT")),
    onListen: ({ hostname, port }) => console.log(`http://${hostname}:${port}`),
  },
  () => new Response(content, init),
);
