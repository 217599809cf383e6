import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";
import { FeedError, StoreError } from "../../src/core/errors.ts";
import { createOpenApiDocument } from "../../src/http/openapi.ts";
import { createTestApp, type TestApp } from "../helpers/app.ts";

const RESPONSE = z.object({
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).default(
    {},
  ),
  headers: z.record(z.string(), z.unknown()).default({}),
});
const OPERATION = z.object({ responses: z.record(z.string(), RESPONSE) });
const DOCUMENT = z.object({
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.record(z.string(), z.unknown()),
});

const ERRORS: Readonly<Record<string, Error>> = {
  "500": new Error("unforeseen"),
  "502": new FeedError("unavailable", "down"),
  "503": new StoreError("away"),
  "504": new FeedError("timeout", "slow"),
};

/** An app that is in the state in which it answers with `status`. */
function createAppFor(status: string): TestApp {
  const error = ERRORS[status];
  const test = createTestApp({
    ...status === "401" && { refreshToken: "s3cret" },
    ...status === "503" && { maxStreams: 0 },
    ...status === "500" && { streams: { open: () => fail(error) } },
  });
  if (error !== undefined) {
    Object.assign(test.answers, {
      ...{ summary: () => fail(error), report: () => Promise.reject(error) },
      ...{ history: () => fail(error), readiness: () => Promise.reject(error) },
    });
  }
  return test;
}

function fail(error: Error | undefined): never {
  throw error;
}

async function provoke(method: string, path: string, status: string): Promise<Response> {
  const { app, streams } = createAppFor(status);
  const headers = new Headers();
  if (status === "304") {
    headers.set("if-none-match", (await app.request(path)).headers.get("etag") ?? "");
  }
  if (status === "413") headers.set("content-length", "1025");
  const query = status === "400" ? "?hours=0" : "";
  const response = await app.request(path + query, { method: method.toUpperCase(), headers });
  // A stream that stays open is cut, so that its body ends.
  if (response.headers.get("content-type") === "text/event-stream") streams.close();
  return response;
}

Deno.test("createOpenApiDocument() makes a valid document", async () => {
  const result = await new Validator().validate({ ...createOpenApiDocument() });
  assertEquals(result, { valid: true });
});

Deno.test("createOpenApiDocument() describes what the app answers", async (t) => {
  const document = DOCUMENT.parse(createOpenApiDocument());
  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  ajv.addSchema({ ...document, $id: "openapi" });

  function assertMatches(schema: Record<string, unknown>, body: unknown): void {
    const ref = typeof schema.$ref === "string" ? { $ref: `openapi${schema.$ref}` } : schema;
    assert(ajv.validate(ref, body), `${ajv.errorsText()}: ${JSON.stringify(body)}`);
  }

  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const [status, { content, headers }] of Object.entries(responses)) {
        await t.step(`${method} ${path} ${status}`, async () => {
          const response = await provoke(method, path, status);
          const [[type, { schema }] = ["", { schema: {} }]] = Object.entries(content);
          const text = await response.text();
          assertEquals(String(response.status), status, text);
          if (type !== "") assertEquals(response.headers.get("content-type")?.split(";")[0], type);
          for (const name of Object.keys(headers)) {
            const optional = name === "Retry-After" && status === "502";
            assert(optional || response.headers.has(name), `no header ${name}`);
          }
          if (type.endsWith("json")) assertMatches(schema, JSON.parse(text));
        });
      }
    }
  }
});

Deno.test("createOpenApiDocument() describes every route of the app", () => {
  const { paths } = DOCUMENT.parse(createOpenApiDocument());
  const routes = createTestApp().app.routes.map(({ method, path }) => `${method} ${path}`);
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
  );
  // The files of the two pages are theirs to know.
  const api = new Set(routes.filter((route) => !route.includes(":")));
  assertEquals(new Set(described), api);
});

Deno.test("GET /openapi.json answers with the document", async () => {
  const response = await createTestApp().app.request("/openapi.json");
  assertEquals([response.status, response.headers.get("content-type")], [200, "application/json"]);
  assertEquals(await response.json(), JSON.parse(JSON.stringify(createOpenApiDocument())));
});

Deno.test("a body that drifts from its schema is noticed", () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ ...createOpenApiDocument(), $id: "openapi" });
  const ref = { $ref: "openapi#/components/schemas/Health" };
  assertNotEquals(ajv.validate(ref, { status: "ok", more: 1 }), true);
});
