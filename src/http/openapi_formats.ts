import type { ZodOpenApiPathsObject } from "zod-openapi";
import * as z from "zod";
import { ok, okWith, problems } from "./openapi.ts";
import { BADGE } from "./schemas.ts";

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
  "/lit.txt": {
    get: {
      operationId: "getWord",
      tags: ["Formats"],
      summary: "yes, no or unknown",
      description: "One word and a newline. `unknown` means that the data is stale.",
      responses: {
        ...okWith("The word", "text/plain"),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
  "/badge.svg": {
    get: {
      operationId: "getBadge",
      tags: ["Formats"],
      summary: "A badge",
      description: "It is never an error: without a current answer it is grey.",
      responses: { ...okWith("The badge", "image/svg+xml"), ...problems() },
    },
  },
  "/badge.json": {
    get: {
      operationId: "getBadgeAsJson",
      tags: ["Formats"],
      summary: "A badge for the endpoint of shields.io",
      description: "It is never an error: without a current answer it is grey.",
      responses: { ...ok("The badge", BADGE), ...problems() },
    },
  },
  "/feed.atom": {
    get: {
      operationId: "getAtomFeed",
      tags: ["Formats"],
      summary: "Starts and ends of spells, as an Atom feed",
      description: "One entry per start or end of a spell of the last 30 days.",
      responses: {
        ...okWith("The feed", "application/atom+xml"),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
};
