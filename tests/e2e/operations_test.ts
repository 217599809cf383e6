import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startEmbeddedRedis } from "../../dev/redis/mod.ts";
import { simulateRows } from "../../dev/senticrypt.ts";
import { eventually } from "../helpers/eventually.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { runTask } from "../helpers/process.ts";

function serveRows() {
  return serveLocally(() => Response.json(simulateRows(Date.now())));
}

Deno.test("GET /readyz tells whether Redis can be used, and how old the data is", async () => {
  await using feed = serveRows();
  const store = startEmbeddedRedis();
  await using service = runTask("start", { REDIS_URL: store.url, SENTIMENT_API_URL: feed.url });
  const url = `${await service.url}/readyz`;
  const { redis, data } = await eventually(async () => {
    const body = await (await fetch(url)).json();
    return body.data?.as_of ? body : undefined;
  });
  assertEquals(redis.status, "up");
  assert(data.age_seconds >= 0 && data.age_seconds < 120, `${data.age_seconds} s`);

  await store[Symbol.asyncDispose]();
  const response = await eventually(async () => {
    const answer = await fetch(url);
    const problem = await answer.json();
    return answer.status === 503 && problem;
  });
  assertEquals(response.type, "store-unavailable");
});

Deno.test("GET /metrics tells what the service has done", async () => {
  await using feed = serveRows();
  await using store = startEmbeddedRedis();
  await using service = runTask("start", { REDIS_URL: store.url, SENTIMENT_API_URL: feed.url });
  const url = await service.url;
  await eventually(async () => {
    const response = await fetch(`${url}/is-bitcoin-lit`);
    await response.body?.cancel();
    return response.ok;
  });
  const text = await eventually(async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return metrics.includes('refreshes_total{outcome="ok"} 1') && metrics;
  });
  assertStringIncludes(text, 'refresh_samples_total{fate="stored"} 5760');
  assertStringIncludes(text, 'route="/is-bitcoin-lit",status="200"');
  assertStringIncludes(text, 'is_bitcoin_lit_reads_total{layer="near"}');
});

Deno.test("OTEL_DENO=true traces requests with their route", async () => {
  const spans: string[] = [];
  await using collector = serveLocally(async (request) => {
    if (request.url.endsWith("/v1/traces")) spans.push(await request.text());
    return Response.json({});
  });
  await using feed = serveRows();
  await using store = startEmbeddedRedis();
  await using service = runTask("start", {
    ...{ REDIS_URL: store.url, SENTIMENT_API_URL: feed.url, OTEL_DENO: "true" },
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.replace(/\/$/, ""),
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_BSP_SCHEDULE_DELAY: "50",
  });
  const url = await service.url;
  await (await fetch(`${url}/healthz?secret=1`)).body?.cancel();
  const span = await eventually(() => spans.find((text) => text.includes("GET /healthz")));
  assertStringIncludes(span, '"http.route"');
});

Deno.test("no secret reaches a log, an error or /readyz", async () => {
  await using feed = serveLocally(() => new Response(null, { status: 500 }));
  const secret = "hunter2";
  await using service = runTask("start", {
    REDIS_URL: `redis://user:${secret}@127.0.0.1:1`,
    SENTIMENT_API_URL: feed.url.replace("//", `//user:${secret}@`),
    REFRESH_TOKEN: `${secret}-token`,
    LOG_LEVEL: "debug",
  });
  const url = await service.url;
  const headers = { authorization: `Bearer ${secret}-token` };
  const answers = await Promise.all([
    fetch(`${url}/is-bitcoin-lit`),
    fetch(`${url}/readyz`),
    fetch(`${url}/refresh`, { method: "POST", headers }),
    fetch(`${url}/refresh`, { method: "POST" }),
  ]);
  const bodies = await Promise.all(answers.map((answer) => answer.text()));
  assertEquals(answers.map(({ status }) => status), [503, 503, 502, 401]);
  await eventually(() => service.output().includes("refresh failed"));
  await service.stop();
  assertEquals([...bodies, service.output()].filter((text) => text.includes(secret)), []);
});

Deno.test("the service warns where anybody may ask for a refresh", async () => {
  const environment = { REDIS_URL: "redis://127.0.0.1:1" };
  await using open = runTask("start", environment);
  await using closed = runTask("start", { ...environment, REFRESH_TOKEN: "s3cret" });
  await Promise.all([open.url, closed.url]);
  await eventually(() => open.output().includes("REFRESH_TOKEN is not set"));
  assertEquals(await closed.stop(), 0);
  assertEquals(closed.output().includes("REFRESH_TOKEN"), false);
});
