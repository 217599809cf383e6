import type { ZodOpenApiPathsObject } from "zod-openapi";
import * as z from "zod";
import { okOrKnown, okWith, problems } from "./openapi.ts";
import { ANSWER, HISTORY, TRACK_RECORD } from "./schemas.ts";

const IF_NONE_MATCH = z.object({
  "If-None-Match": z.string().optional().describe("The entity tag of what the client has"),
});

const HISTORY_QUERY = z.object({
  hours: z.string().regex(/^\d+$/).default("24").describe(
    "How far back from the newest sample, in hours, from 1 to the retention",
  ),
  bucket: z.string().regex(/^\d+[smhd]$/).default("5m").describe(
    "The length of a bucket: `30s`, `5m`, `1h`, `1d`; at most 2,000 buckets in all",
  ),
});

const TRACK_RECORD_QUERY = z.object({
  days: z.string().regex(/^\d+$/).default("30").describe(
    "How many days back from the last completed hour, from 1 to the retention",
  ),
});

/** The answer, and what it is computed from. */
export const DATA_PATHS: ZodOpenApiPathsObject = {
  "/is-bitcoin-lit": {
    get: {
      operationId: "getSummary",
      tags: ["Data"],
      summary: "Is Bitcoin lit?",
      description: "Compares the last three clock hours that have both metrics.",
      requestParams: { header: IF_NONE_MATCH },
      responses: {
        ...okOrKnown("The answer", ANSWER),
        ...problems("no-data", "store-unavailable"),
      },
    },
  },
  "/history": {
    get: {
      operationId: "getHistory",
      tags: ["Data"],
      summary: "Averages per bucket",
      description: "For charts. It counts back from the newest sample, oldest bucket first.",
      requestParams: { header: IF_NONE_MATCH, query: HISTORY_QUERY },
      responses: {
        ...okOrKnown("The averages, oldest first", HISTORY),
        ...problems("invalid-request", "store-unavailable", "busy"),
      },
    },
  },
  "/history.csv": {
    get: {
      operationId: "getHistoryAsCsv",
      tags: ["Data"],
      summary: "Averages per bucket, for spreadsheets",
      description: "The same as `/history`, as comma-separated values with a header.",
      requestParams: { query: HISTORY_QUERY },
      responses: {
        ...okWith("The averages, oldest first", "text/csv"),
        ...problems("invalid-request", "store-unavailable", "busy"),
      },
    },
  },
  "/track-record": {
    get: {
      operationId: "getTrackRecord",
      tags: ["Data"],
      summary: "Did the signal predict anything?",
      description: "What the price did after spells of lit hours, compared with all known hours.",
      requestParams: { header: IF_NONE_MATCH, query: TRACK_RECORD_QUERY },
      responses: {
        ...okOrKnown("The track record", TRACK_RECORD),
        ...problems("invalid-request", "no-data", "store-unavailable", "busy"),
      },
    },
  },
  "/events": {
    get: {
      operationId: "listen",
      tags: ["Data"],
      summary: "The answer as server-sent events",
      description:
        "The answer at once, then an event `summary` at every change. Its data is the JSON of " +
        "`/is-bitcoin-lit`, its id the entity tag. A comment keeps the stream open every 15 s.",
      requestParams: {
        header: z.object({
          "Last-Event-ID": z.string().optional().describe("The id of the last event received"),
        }),
      },
      responses: {
        ...okWith("A stream that stays open", "text/event-stream"),
        ...problems("too-many-streams"),
      },
    },
  },
};
