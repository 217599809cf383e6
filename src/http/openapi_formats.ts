import type { ZodOpenApiPathsObject } from "zod-openapi";
import * as z from "zod";
import { okWith, problems } from "./openapi.ts";

/** The answer for people, badges, feed readers and shells. */
export const FORMAT_PATHS: ZodOpenApiPathsObject = {
  "/": {
    get: {
      operationId: "getPage",
      tags: ["Formats"],
      summary: "The page for people",
      description: "In English or simplified Chinese, by `Accept-Language` or `lang`.",
      requestParams: { query: z.object({ lang: z.enum(["en", "zh-CN"]).optional() }) },
      responses: { ...okWith("The page", "text/html"), ...problems() },
    },
  },
  "/embed": {
    get: {
      operationId: "getEmbed",
      tags: ["Formats"],
      summary: "The answer for an iframe on any site",
      description: "From 200 × 80 pixels. It keeps itself up to date.",
      requestParams: { query: z.object({ lang: z.enum(["en", "zh-CN"]).optional() }) },
      responses: { ...okWith("The page", "text/html"), ...problems() },
    },
  },
};
