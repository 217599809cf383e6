import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { loadPaths } from "../src/app.ts";
import { createOpenApiDocument } from "../src/http/docs.ts";

const TIME_LIMIT = { timeout: 60_000 };

const OPERATION = z.object({
  operationId: z.string(),
  tags: z.tuple([z.string()]),
  summary: z.string(),
  description: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).default([]),
  responses: z.record(z.string(), z.object({ description: z.string() })),
});
const DOCUMENT = z.object({
  openapi: z.string(),
  info: z.record(z.string(), z.unknown()),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

const { openapi, info, tags, paths, components } = DOCUMENT.parse(
  createOpenApiDocument(await loadPaths({ retentionMs: 30 * 86_400_000 })),
);
const OPERATIONS = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({ method, path, operation }))
);

Deno.test("the OpenAPI document keeps the names that generated clients have", TIME_LIMIT, () => {
  const names = OPERATIONS.map(({ method, path, operation }) => {
    const parameters = operation.parameters.filter((it) => it.in === "query").map((it) => it.name);
    return [`${method} ${path}`, operation.operationId, operation.tags[0], parameters.join(" ")];
  });
  assertEquals(names, [
    ["get /is-bitcoin-lit", "getSummary", "Data", ""],
    ["get /events", "listen", "Data", ""],
    ["get /lit.txt", "getWord", "Formats", ""],
    ["get /badge.svg", "getBadge", "Formats", ""],
    ["get /badge.json", "getBadgeAsJson", "Formats", ""],
    ["get /history", "getHistory", "Data", "hours from to bucket"],
    ["get /history.csv", "getHistoryAsCsv", "Data", "hours from to bucket"],
    ["get /track-record", "getTrackRecord", "Data", "days fee"],
    ["get /feed.atom", "getAtomFeed", "Formats", ""],
    ["post /refresh", "refresh", "Data", ""],
    ["get /", "getPage", "Formats", "lang"],
    ["get /embed", "getEmbed", "Formats", "lang"],
    ["get /readyz", "getReadiness", "Operations", ""],
    ["get /healthz", "getHealth", "Operations", ""],
    ["get /metrics", "getMetrics", "Operations", ""],
    ["get /openapi.json", "getOpenApi", "Operations", ""],
    ["get /docs", "getDocs", "Operations", ""],
    ["get /docs/problems", "getProblems", "Operations", ""],
  ]);
  assertEquals(Object.keys(components.schemas).sort(), [
    "Badge",
    "Health",
    "History",
    "Problem",
    "Readiness",
    "RefreshReport",
    "Summary",
    "TrackRecord",
  ]);
});

Deno.test("the OpenAPI document names itself, its licence and its tags", TIME_LIMIT, () => {
  assertMatch(openapi, /^3\.1\.\d$/);
  assertEquals([info.title, info.license], ["Is Bitcoin Lit", { name: "MIT", identifier: "MIT" }]);
  assertEquals(tags.map(({ name }) => name), ["Data", "Formats", "Operations"]);
});

Deno.test(
  "the OpenAPI document describes routes in sentences under short titles",
  TIME_LIMIT,
  () => {
    for (const { path, operation: { summary, description, responses } } of OPERATIONS) {
      assertMatch(description, /[.]$/, path);
      assertMatch(summary, /[^.]$/, path);
      for (const { description } of Object.values(responses)) {
        assertMatch(
          description,
          /[^.]$/,
          path,
        );
      }
    }
  },
);
