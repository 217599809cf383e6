import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import * as z from "zod";
import { ok, okOrKnown, okWith, problems } from "./openapi_responses.ts";
import { ANSWER, HEALTH, HISTORY, READINESS, REFRESH_REPORT } from "./schemas.ts";

const IF_NONE_MATCH = z.string().optional().describe("The entity tag of what the client has");

const PATHS: ZodOpenApiPathsObject = {
  "/is-bitcoin-lit": {
    get: {
      operationId: "getSummary",
      summary: "Is Bitcoin lit?",
      description: "The summary of the last three clock hours that have both metrics.",
      requestParams: { header: z.object({ "If-None-Match": IF_NONE_MATCH }) },
      responses: {
        ...okOrKnown("The summary", ANSWER),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
  "/refresh": {
    post: {
      operationId: "refresh",
      summary: "Ask the feed now",
      description:
        "Stores what is new and returns a report. Within the minimum interval, or while another " +
        "instance refreshes, it returns the result of the last refresh with `replayed`. If the " +
        "service has a token, the request needs it.",
      security: [{}, { token: [] }],
      responses: {
        ...ok("The report", REFRESH_REPORT),
        ...problems(
          "unauthorized",
          "content-too-large",
          "feed-unavailable",
          "feed-invalid",
          "feed-timeout",
          "store-unavailable",
          "busy",
        ),
      },
    },
  },
  "/history": {
    get: {
      operationId: "getHistory",
      summary: "Averages per bucket",
      requestParams: {
        header: z.object({ "If-None-Match": IF_NONE_MATCH }),
        query: z.object({
          hours: z.string().regex(/^\d+$/).default("24").describe(
            "How far back from the newest sample, in hours, from 1 to the retention",
          ),
          bucket: z.string().regex(/^\d+[smhd]$/).default("5m").describe(
            "The length of a bucket: `30s`, `5m`, `1h`, `1d`; at most 2,000 buckets in all",
          ),
        }),
      },
      responses: {
        ...okOrKnown("The averages, oldest first", HISTORY),
        ...problems("invalid-request", "store-unavailable", "busy"),
      },
    },
  },
  "/events": {
    get: {
      operationId: "listen",
      summary: "The summary as server-sent events",
      description:
        "The answer at once, then an event `summary` at every change. Its data is the JSON of " +
        "`/is-bitcoin-lit`, its id the entity tag. A comment keeps the stream open every 15 s.",
      requestParams: {
        header: z.object({
          "Last-Event-ID": z.string().optional().describe(
            "The id of the last event the client had",
          ),
        }),
      },
      responses: {
        ...okWith("A stream that stays open", "text/event-stream"),
        ...problems("too-many-streams"),
      },
    },
  },
  "/healthz": {
    get: {
      operationId: "getHealth",
      summary: "The process is alive",
      responses: ok("It is", HEALTH),
    },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      summary: "The service can do its work",
      responses: { ...ok("It can", READINESS), ...problems("store-unavailable") },
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      summary: "Metrics for Prometheus",
      responses: okWith("The metrics", "text/plain"),
    },
  },
  "/": {
    get: {
      operationId: "getPage",
      summary: "The page for people",
      responses: okWith("The page", "text/html"),
    },
  },
  "/openapi.json": {
    get: {
      operationId: "getOpenApi",
      summary: "This document",
      responses: ok("The document", z.looseObject({ openapi: z.string() })),
    },
  },
  "/docs": {
    get: {
      operationId: "getDocs",
      summary: "This document as a page",
      responses: okWith("The page", "text/html"),
    },
  },
};

/** Creates the OpenAPI 3.1 document from the schemas that the code is checked against. */
export function createOpenApiDocument(): object {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Is Bitcoin Lit",
      version: "1.0.0",
      description: "Answers one question from hourly averages of Bitcoin's price and sentiment.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths: PATHS,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  });
}
