import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as z from "zod";
import { FeedError } from "../src/feeds/errors.ts";
import { StoreError } from "../src/redis/command.ts";
import { loadPaths } from "../src/app.ts";
import { createOpenApiDocument } from "../src/http/docs.ts";
import type { Readiness } from "../src/refresh/wire.ts";
import { createTestApp, READINESS, type TestApp, type TestAppOptions } from "./helpers/app.ts";

const TIME_LIMIT = { timeout: 60_000 };

const RESPONSE = z.object({
  description: z.string(),
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).default(
    {},
  ),
  headers: z.record(z.string(), z.unknown()).default({}),
});
const OPERATION = z.object({ responses: z.record(z.string(), RESPONSE) });
const PARAMETER = z.object({
  name: z.string(),
  schema: z.object({ type: z.string().optional(), minimum: z.number().optional() }),
});
const DOCUMENT = z.object({
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.record(z.string(), z.unknown()),
});

const ERRORS: ReadonlyMap<string, Error> = new Map<string, Error>([
  ["500", new Error("unforeseen")],
  ["502", new FeedError("unavailable", "down")],
  ["503", new StoreError("away")],
  ["504", new FeedError("timeout", "slow")],
]);

/** Files that clients look for by themselves. */
const SITE_FILES = ["/favicon.ico", "/manifest.webmanifest", "/robots.txt"];

/** Parts that throw unexpected errors. */
const BROKEN: TestAppOptions = {
  streams: {
    open() {
      throw new Error("unforeseen");
    },
    get size(): number {
      throw new Error("unforeseen");
    },
  },
  loadFeed: (): Promise<never> => Promise.reject(new Error("unforeseen")),
};

/** Routes that read nothing: no part of them can fail in a test. */
const UNFAILING: ReadonlySet<string> = new Set([
  "/healthz",
  "/openapi.json",
  "/docs",
  "/docs/problems",
]);

/** An app that is in the state in which it answers with `status`. */
function createAppFor(status: string): TestApp {
  const error = ERRORS.get(status);
  const test = createTestApp({
    ...status === "401" && { refreshToken: "s3cret" },
    ...status === "503" && { maxStreams: 0 },
    ...status === "500" && BROKEN,
  });
  if (error === undefined) return test;
  const fail = () => Promise.reject(error);
  Object.assign(test.answers, {
    summary: fail,
    report: fail,
    history: fail,
    record: fail,
    readiness: fail,
  });
  return test;
}

/** What makes each status appear, beside the state of the app. */
function describeRequest(path: string, status: string): [path: string, init: RequestInit] {
  if (status === "400") return [path, { headers: { host: "a/b" } }];
  if (status === "413") return [path, { body: "x".repeat(1_025) }];
  if (status === "414") return [`${path}?${"x".repeat(2_048)}`, {}];
  return [path, {}];
}

async function provoke(method: string, path: string, status: string): Promise<Response> {
  const { request, streams } = createAppFor(status);
  const [target, init] = describeRequest(path, status);
  const headers = new Headers(init.headers);
  if (status === "304") {
    headers.set("if-none-match", (await request(path)).headers.get("etag") ?? "");
  }
  const response = await request(target, { ...init, method: method.toUpperCase(), headers });
  // A stream that stays open is ended, so that its body ends.
  if (response.headers.get("content-type") === "text/event-stream") streams.close();
  return response;
}

const PATHS = await loadPaths({ retentionMs: 30 * 86_400_000 });

/** Checks bodies against the document's schemas. */
function createSchemaCheck() {
  const document = DOCUMENT.parse(createOpenApiDocument(PATHS));
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  ajv.addSchema({ ...document, $id: "openapi" });
  return {
    document,
    assertMatches(schema: Record<string, unknown>, body: unknown): void {
      const ref = typeof schema.$ref === "string" ? { $ref: `openapi${schema.$ref}` } : schema;
      assert(ajv.validate(ref, body), `${ajv.errorsText()}: ${JSON.stringify(body)}`);
    },
  };
}

Deno.test("createOpenApiDocument() returns a valid document", TIME_LIMIT, async () => {
  const result = await new Validator().validate({ ...createOpenApiDocument(PATHS) });
  assertEquals(result, { valid: true });
});

Deno.test("createOpenApiDocument() describes what the app answers", TIME_LIMIT, async (t) => {
  const { document, assertMatches } = createSchemaCheck();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        if (status === "500" && UNFAILING.has(path)) continue;
        await t.step(`${method} ${path} ${status}`, async () => {
          await assertDescribed(await provoke(method, path, status), {
            status,
            response,
            assertMatches,
          });
        });
      }
    }
  }
});

interface Described {
  readonly status: string;
  readonly response: z.infer<typeof RESPONSE>;
  readonly assertMatches: ReturnType<typeof createSchemaCheck>["assertMatches"];
}

async function assertDescribed(answer: Response, described: Described): Promise<void> {
  const { status, response: { content, headers, description }, assertMatches } = described;
  const [[type, { schema }] = ["", { schema: {} }]] = Object.entries(content);
  const text = await answer.text();
  assertEquals(String(answer.status), status, text);
  if (type !== "") assertEquals(answer.headers.get("content-type")?.split(";")[0], type);
  for (const name of Object.keys(headers)) {
    const isOptional = name === "Retry-After" && status === "502";
    assert(isOptional || answer.headers.has(name), `no header ${name}`);
  }
  if (!type.endsWith("json")) return;
  const body = JSON.parse(text);
  assertMatches(schema, body);
  if (answer.ok) return;
  const [, name] = body.type.split("#");
  assert(description.includes(`\`${name}\``), `${name} is not among: ${description}`);
}

Deno.test.each<{ state: string; readiness: Partial<Readiness> }>([
  { state: "that is degraded", readiness: { degraded: true, last_tick: null } },
  { state: "without data", readiness: { data: "none", sources: [] } },
  {
    state: "with a source that failed",
    readiness: {
      sources: [
        { source: "kraken", last_success: "2021-07-07T12:30:00.000Z" },
        { source: "okx", last_success: null, failure: "okx took too long" },
      ],
    },
  },
])("createOpenApiDocument() describes readiness $state", TIME_LIMIT, async ({ readiness }) => {
  const { assertMatches } = createSchemaCheck();
  const { request, answers } = createTestApp();
  answers.readiness = () => Promise.resolve({ ...READINESS, ...readiness });
  const body = await (await request("/readyz")).json();
  assertEquals(body, { ...READINESS, ...readiness });
  assertMatches({ $ref: "#/components/schemas/Readiness" }, body);
});

Deno.test("createOpenApiDocument() describes every route of the app", TIME_LIMIT, () => {
  const { paths } = DOCUMENT.parse(createOpenApiDocument(PATHS));
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const routes = createTestApp().app.routes
    // Routes with a parameter serve files that the pages name.
    .filter(({ path }) => !path.includes(":") && !SITE_FILES.includes(path))
    // They only lead to the path without the slash.
    .filter(({ path }) => !/.\/$/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  assertEquals(new Set(described), new Set(routes));
});

Deno.test(
  "createOpenApiDocument() has a 304 for each answer with an entity tag, which describes no body",
  TIME_LIMIT,
  async (t) => {
    const { paths } = DOCUMENT.parse(createOpenApiDocument(PATHS));
    const { request } = createTestApp();
    for (const [path, { get }] of Object.entries(paths)) {
      if (get === undefined || path === "/events") continue;
      await t.step(path, async () => {
        const headers = { "accept-encoding": "gzip" };
        const first = await request(path, { headers });
        await first.body?.cancel();
        const etag = first.headers.get("etag");
        assertEquals("304" in get.responses, etag !== null);
        if (etag === null) return;
        const { status, headers: known } = await request(path, {
          headers: { ...headers, "if-none-match": etag },
        });
        assertEquals(status, 304);
        const ofBody = [...known.keys()].filter((name) =>
          name.startsWith("content-") && name !== "content-security-policy"
        );
        assertEquals(ofBody, []);
        for (const name of ["etag", "cache-control", "vary", "access-control-allow-origin"]) {
          assertEquals(known.get(name), first.headers.get(name), name);
        }
      });
    }
  },
);

Deno.test(
  "createOpenApiDocument() has relative servers, and numbers as numbers",
  TIME_LIMIT,
  () => {
    const { servers, paths } = z.object({
      servers: z.array(z.object({ url: z.string() })),
      paths: z.record(
        z.string(),
        z.record(z.string(), z.object({ parameters: z.array(PARAMETER).default([]) })),
      ),
    }).parse(createOpenApiDocument(PATHS));
    assertEquals(servers.map(({ url }) => url), ["./"]);
    const parameters = new Map(
      Object.values(paths).flatMap(({ get }) => get?.parameters ?? [])
        .map(({ name, schema }) => [name, schema]),
    );
    assertEquals(["hours", "days", "fee"].map((name) => parameters.get(name)?.type), [
      "integer",
      "integer",
      "number",
    ]);
    for (const name of ["hours", "days"]) assertEquals(parameters.get(name)?.minimum, 1, name);
  },
);

Deno.test("createOpenApiDocument() has the limits that the retention sets", TIME_LIMIT, () => {
  const text = JSON.stringify(createOpenApiDocument(PATHS));
  assertStringIncludes(text, '"minimum":1,"maximum":720');
  assertStringIncludes(text, '"minimum":1,"maximum":30');
});

Deno.test("GET /openapi.json answers with the document", TIME_LIMIT, async () => {
  const response = await createTestApp().request("/openapi.json");
  assertEquals([response.status, response.headers.get("content-type")], [200, "application/json"]);
  assertEquals(await response.json(), JSON.parse(JSON.stringify(createOpenApiDocument(PATHS))));
});

Deno.test("createSchemaCheck() notices a body that differs from its schema", TIME_LIMIT, () => {
  const { assertMatches } = createSchemaCheck();
  const health = { $ref: "#/components/schemas/Health" };
  assertMatches(health, { status: "ok" });
  for (const body of [{ status: "ok", more: 1 }, { status: "up" }, {}]) {
    assertThrows(() => assertMatches(health, body));
  }
});
