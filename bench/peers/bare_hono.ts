// The obvious service: Hono, ioredis, and one key that is read at every request.
import { Hono } from "hono";
import { Redis } from "ioredis";

const [key = ""] = Deno.args;
const redis = new Redis(Deno.env.get("REDIS_URL") ?? "");
const app = new Hono();

app.get("/", async (c) => {
  const value = await redis.get(key);
  return value === null ? c.notFound() : c.body(value, 200, { "content-type": "application/json" });
});

Deno.serve({
  hostname: Deno.env.get("HOST") ?? "127.0.0.1",
  port: Number(Deno.env.get("PORT")),
  onListen: ({ hostname, port }) => console.log(`http://${hostname}:${port}`),
}, app.fetch);
