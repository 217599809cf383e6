// The runtime's limit for event streams: every stream of /events gets the bytes of the argument at once,
// and again at every POST. Other paths answer at once.
const event = new TextEncoder().encode(Deno.args[0]);
const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };

function openStream(): Response {
  let stream: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      stream = controller;
      streams.add(stream);
      stream.enqueue(event);
    },
    cancel: () => void streams.delete(stream),
  });
  return new Response(body, { headers });
}

function sendToAll(): Response {
  for (const stream of streams) stream.enqueue(event);
  return new Response();
}

Deno.serve(
  {
    hostname: Deno.env.get("HOST") ?? "127.0.0.1",
    port: Number(Deno.env.get("PORT")),
    onListen: ({ hostname, port }) => console.log(`http://${hostname}:${port}`),
  },
  ({ method, url }) => {
    if (method === "POST") return sendToAll();
    return url.endsWith("/events") ? openStream() : new Response();
  },
);
