import * as z from "zod/mini";
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { type ProblemName, PROBLEMS } from "./problem.ts";
import { PROBLEM } from "./wire.ts";

const COMMON_HEADERS = {
  "Access-Control-Allow-Origin": header("Always `*`"),
};

const PROBLEM_HEADERS = {
  ...COMMON_HEADERS,
  "X-Request-Id": header("The id of this request, also in the logs"),
};

const CACHE_HEADERS = {
  ...COMMON_HEADERS,
  "ETag": header("A strong entity tag of the body"),
  "Cache-Control": header("How long caches may keep it"),
};

const HEADERS_OF_STATUS: Readonly<Record<number, ZodOpenApiResponseObject["headers"]>> = {
  401: { "WWW-Authenticate": header('`Bearer realm="is-bitcoin-lit"`') },
  405: { "Allow": header("The methods this path takes") },
  502: { "Retry-After": header("Seconds; absent if the feed named none") },
  503: { "Retry-After": header("Seconds") },
};

/** A bad Host, a URL that is too long, and a fault of the service. */
const EVERYWHERE = ["invalid-request", "uri-too-long", "internal"] as const;

/** The request header by which a client names what it has. */
export const IF_NONE_MATCH = z.object({
  "If-None-Match": z.optional(z.string()).check(
    z.describe("The entity tag of what the client has"),
  ),
});

/** Answers 200 with JSON. */
export function ok(description: string, schema: z.core.$ZodType): ZodOpenApiResponsesObject {
  return { "200": json(description, schema) };
}

/** Answers 200 with JSON that may be kept, or 304. */
export function okOrKnown(description: string, schema: z.core.$ZodType): ZodOpenApiResponsesObject {
  return {
    "200": { ...json(description, schema), headers: CACHE_HEADERS },
    ...known(),
  };
}

function known(): ZodOpenApiResponsesObject {
  return { "304": { description: "The client has it", headers: CACHE_HEADERS } };
}

/** Answers 200 with another type than JSON that may be kept, or 304. */
export function okWithOrKnown(description: string, type: string): ZodOpenApiResponsesObject {
  const content = { [type]: { schema: z.string() } };
  return { "200": { description, headers: CACHE_HEADERS, content }, ...known() };
}

/** Answers 200 with another type than JSON. */
export function okWith(description: string, contentType: string): ZodOpenApiResponsesObject {
  const content = { [contentType]: { schema: z.string() } };
  return { "200": { description, headers: COMMON_HEADERS, content } };
}

/** Answers with problems, one response per status; a few may happen anywhere. */
export function problems(...types: ProblemName[]): ZodOpenApiResponsesObject {
  const all = new Set([...types, ...EVERYWHERE]);
  const byStatus = Map.groupBy(all, (type) => PROBLEMS[type].status);
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, sameStatus] of byStatus) {
    responses[`${status}`] = {
      description: sameStatus.map((type) => `\`${type}\`: ${PROBLEMS[type].title}`).join("; "),
      headers: { ...PROBLEM_HEADERS, ...HEADERS_OF_STATUS[status] },
      content: { "application/problem+json": { schema: PROBLEM } },
    };
  }
  return responses;
}

function json(description: string, schema: z.core.$ZodType): ZodOpenApiResponseObject {
  return { description, headers: COMMON_HEADERS, content: { "application/json": { schema } } };
}

function header(description: string) {
  return { description, schema: { type: "string" as const } };
}
