import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "text" };
import style from "swagger-ui-dist/swagger-ui.css" with { type: "text" };
import * as z from "zod/mini";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { VERSION } from "../version.ts";
import { Content } from "./content.ts";
import { IF_NONE_MATCH, okOrKnown, okWithOrKnown, problems } from "./openapi.ts";
import { ProblemError } from "./problem.ts";
import { PROBLEMS_CSP, renderProblems } from "./problems_page.ts";
import { encodeJson, PAGE_HEADERS } from "./reply.ts";

/** What the OpenAPI document says of the documentation itself. */
export const DOCS_PATHS: ZodOpenApiPathsObject = {
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      tags: ["Operations"],
      summary: "This document",
      description: "An OpenAPI 3.1 document.",
      requestParams: { header: IF_NONE_MATCH },
      responses: {
        ...okOrKnown("The document", z.looseObject({ openapi: z.string() })),
        ...problems(),
      },
    },
  },
  "/docs": {
    get: {
      operationId: "getDocs",
      tags: ["Operations"],
      summary: "This document as a page",
      description: "To read, and to try requests.",
      requestParams: { header: IF_NONE_MATCH },
      responses: { ...okWithOrKnown("The page", "text/html"), ...problems() },
    },
  },
  "/docs/problems": {
    get: {
      operationId: "getProblems",
      tags: ["Operations"],
      summary: "What each problem means",
      description: "The `type` of every problem leads here.",
      requestParams: { header: IF_NONE_MATCH },
      responses: { ...okWithOrKnown("The page", "text/html"), ...problems() },
    },
  },
};

const TAGS = [
  { name: "Data", description: "The answer, and what it is computed from" },
  { name: "Formats", description: "The answer for people, badges, feed readers and shells" },
  { name: "Operations", description: "For those who run the service" },
];

/** Creates the OpenAPI 3.1 document from the schemas that the code is checked against. */
export function createOpenApiDocument(paths: ZodOpenApiPathsObject): object {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Is Bitcoin Lit",
      version: VERSION,
      description: "Answers one question from hourly averages of Bitcoin's price and sentiment.",
      license: { name: "MIT", identifier: "MIT" },
      contact: { name: "The operator of this service" },
    },
    servers: [{ url: "./", description: "This service" }],
    security: [],
    tags: TAGS,
    paths: { ...paths, ...DOCS_PATHS },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const CACHE_CONTROL = "public, max-age=3600";

/** Swagger UI's colours are too pale to read, and its list of one server has no label. */
const DOCS_STYLE = `
      .swagger-ui .scheme-container { display: none }
      .swagger-ui .info .title small, .swagger-ui .info .title small.version-stamp,
      .swagger-ui .info .title small pre { background: #3b4151; color: #fff }
      .swagger-ui .info a, .swagger-ui .info .url, .swagger-ui a.nostyle { color: #1d5fa8 }
      .swagger-ui .opblock .opblock-summary-method { color: #fff; text-shadow: none }
      .swagger-ui .opblock.opblock-get .opblock-summary-method { background: #1d5fa8 }
      .swagger-ui .opblock.opblock-post .opblock-summary-method { background: #1a7349 }
      .swagger-ui .parameter__in,
      .swagger-ui .json-schema-2020-12-expand-deep-button { color: #444 }
      .swagger-ui .highlight-code .microlight { background: #111 !important }
    `;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Is Bitcoin Lit: the API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <style>${DOCS_STYLE}</style>
    <script src="docs/swagger-ui.js" defer></script>
    <script src="docs/start.js" defer></script>
  </head>
  <body>
    <div id="docs"></div>
    <noscript>The document itself is at <a href="openapi.json">openapi.json</a>.</noscript>
  </body>
</html>
`;

/** A stream never ends: "Try it out" would wait for ever. Paths are relative, for a proxy's prefix. */
const START = `const withoutStreams = () => ({
  statePlugins: {
    spec: { wrapSelectors: { allowTryItOutFor: () => (state, path) => path !== "/events" } },
  },
});
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#docs",
  validatorUrl: null,
  plugins: [withoutStreams],
});
`;

/** Creates a function that answers with a page of the documentation, or a file that one needs. */
export function createDocs(
  paths: ZodOpenApiPathsObject,
): (request: Request, path: string) => Promise<Response> {
  const document = encodeJson(createOpenApiDocument(paths));
  const contents: ReadonlyMap<string, Content> = new Map([
    ["/openapi.json", createFile(document, "application/json")],
    ["/docs", createPage(PAGE, CONTENT_SECURITY_POLICY)],
    ["/docs/problems", createPage(renderProblems(), PROBLEMS_CSP)],
    ["/docs/swagger-ui.css", createFile(style, "text/css; charset=utf-8")],
    ["/docs/swagger-ui.js", createFile(script, "text/javascript; charset=utf-8")],
    ["/docs/start.js", createFile(START, "text/javascript; charset=utf-8")],
  ]);
  return (request, path) => {
    const content = contents.get(path);
    if (content === undefined) throw new ProblemError("not-found", "See /docs for all paths");
    return content.reply(request);
  };
}

function createPage(body: string, policy: string): Content {
  const headers = {
    ...PAGE_HEADERS,
    "content-security-policy": policy,
    "cache-control": CACHE_CONTROL,
  };
  return new Content({ body, headers });
}

function createFile(body: string, contentType: string): Content {
  return new Content({
    body,
    headers: { "content-type": contentType, "cache-control": CACHE_CONTROL },
  });
}
