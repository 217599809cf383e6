// The runtime's limit: answers every request with the same bytes and headers, given as JSON.
const { body, headers } = JSON.parse(Deno.args[0] ?? "{}");

Deno.serve(
  {
    hostname: Deno.env.get("HOST") ?? "127.0.0.1",
    port: Number(Deno.env.get("PORT")),
    onListen: ({ hostname, port }) => console.log(`http://${hostname}:${port}`),
  },
  () => new Response(body, { headers }),
);
