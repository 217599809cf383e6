import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { DATA_PATHS } from "./openapi_data.ts";
import { FORMAT_PATHS } from "./openapi_formats.ts";
import { OPERATIONS_PATHS } from "./openapi_operations.ts";
import { VERSION } from "../version.ts";

const PATHS: ZodOpenApiPathsObject = { ...DATA_PATHS, ...FORMAT_PATHS, ...OPERATIONS_PATHS };

const TAGS = [
  { name: "Data", description: "The answer, and what it is computed from" },
  { name: "Formats", description: "The answer for people, badges, feed readers and shells" },
  { name: "Operations", description: "For those who run the service" },
];

/** Creates the OpenAPI 3.1 document from the schemas that the code is checked against. */
export function createOpenApiDocument(): object {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Is Bitcoin Lit",
      version: VERSION,
      description: "Answers one question from hourly averages of Bitcoin's price and sentiment.",
      license: { name: "MIT", identifier: "MIT" },
      contact: { name: "The operator of this service" },
    },
    servers: [{ url: "/", description: "This service" }],
    security: [],
    tags: TAGS,
    paths: PATHS,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
}
