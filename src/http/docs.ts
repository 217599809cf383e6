import type { Context } from "hono";
import swaggerScript from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "text" };
import swaggerStyle from "swagger-ui-dist/swagger-ui.css" with { type: "text" };
import * as z from "zod/mini";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { VERSION } from "../version.ts";
import { createAssetReply, createAssets } from "./assets.ts";
import { Content } from "./content.ts";
import pageScript from "./docs/page.js" with { type: "text" };
import pageStyle from "./docs/page.css" with { type: "text" };
import ownSwaggerStyle from "./docs/swagger.css" with { type: "text" };
import { renderDocs } from "./docs_page.ts";
import { IF_NONE_MATCH, okOrKnown, okWithOrKnown, problems } from "./openapi.ts";
import { PROBLEMS_CSP, renderProblems } from "./problems_page.ts";
import { encodeJson, PAGE_HEADERS, type ResponseHeaders } from "./reply.ts";

/** What the OpenAPI document says of the documentation itself. */
const DOCS_PATHS: ZodOpenApiPathsObject = {
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

const DOCS_CSP = [
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

const CSS = "text/css; charset=utf-8";
const JAVASCRIPT = "text/javascript; charset=utf-8";

const AN_HOUR = "public, max-age=3600";

/** The routes of the documentation. */
export type Docs = Awaited<ReturnType<typeof createDocs>>;

/** Creates the routes of the documentation. */
export async function createDocs(paths: ZodOpenApiPathsObject) {
  const document = createOpenApiDocument(paths);
  const assets = createAssets([
    ["page.css", { body: pageStyle, contentType: CSS }],
    ["page.js", { body: pageScript, contentType: JAVASCRIPT }],
    ["swagger-ui.css", { body: swaggerStyle + ownSwaggerStyle, contentType: CSS }],
    ["swagger-ui.js", { body: swaggerScript, contentType: JAVASCRIPT }],
  ]);
  const file = createAssetReply(assets);
  return {
    openApi: contentRoute(encodeJson(document), { "content-type": "application/json" }),
    page: pageRoute(await renderDocs(document, assets), DOCS_CSP),
    problems: pageRoute(renderProblems(), PROBLEMS_CSP),
    asset: ({ req }: Context) => file(req.raw, req.param("hash") ?? "", req.param("name") ?? ""),
  };
}

function pageRoute(body: string, policy: string) {
  return contentRoute(body, { ...PAGE_HEADERS, "content-security-policy": policy });
}

function contentRoute(body: string, headers: ResponseHeaders) {
  const content = new Content({ body, headers: { ...headers, "cache-control": AN_HOUR } });
  return (c: Context) => content.reply(c.req.raw);
}
