import type { ZodOpenApiPathsObject } from "zod-openapi";
import { ok, problems } from "./openapi.ts";
import { READINESS } from "./schemas.ts";

/** The operations for operators and developers. */
export const OPERATIONS_PATHS: ZodOpenApiPathsObject = {
  "/readyz": {
    get: {
      operationId: "getReadiness",
      tags: ["Operations"],
      summary: "The service can do its work",
      description: "Says how old the data is, and when each source last answered.",
      responses: { ...ok("It can", READINESS), ...problems("store-unavailable") },
    },
  },
};
