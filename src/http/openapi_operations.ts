import type { ZodOpenApiPathsObject } from "zod-openapi";
import * as z from "zod";
import { ok, okWith, problems } from "./openapi.ts";
import { HEALTH, READINESS } from "./schemas.ts";

/** The operations for operators and developers. */
export const OPERATIONS_PATHS: ZodOpenApiPathsObject = {
  "/healthz": {
    get: {
      operationId: "getHealth",
      tags: ["Operations"],
      summary: "The process is alive",
      description: "Restart it when this fails.",
      responses: { ...ok("It is", HEALTH), ...problems() },
    },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      tags: ["Operations"],
      summary: "The service can do its work",
      description: "Says how old the data is, and when each source last answered.",
      responses: { ...ok("It can", READINESS), ...problems("store-unavailable") },
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      tags: ["Operations"],
      summary: "Metrics for Prometheus",
      description: "In Prometheus' text format.",
      responses: { ...okWith("The metrics", "text/plain"), ...problems() },
    },
  },
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      tags: ["Operations"],
      summary: "This document",
      description: "An OpenAPI 3.1 document.",
      responses: { ...ok("The document", z.looseObject({ openapi: z.string() })), ...problems() },
    },
  },
  "/docs": {
    get: {
      operationId: "getDocs",
      tags: ["Operations"],
      summary: "This document as a page",
      description: "To read, and to try requests.",
      responses: { ...okWith("The page", "text/html"), ...problems() },
    },
  },
  "/docs/problems": {
    get: {
      operationId: "getProblems",
      tags: ["Operations"],
      summary: "What each problem means",
      description: "The `type` of every problem leads here.",
      responses: { ...okWith("The page", "text/html"), ...problems() },
    },
  },
};
