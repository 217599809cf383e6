import { assertEquals, assertMatch } from "@std/assert";
import { PROBLEMS } from "../../src/http/problem.ts";
import type { RawAnswer } from "./raw_https.ts";

const RETRIABLE = [429, 502, 503, 504];

/** Asserts that nginx answered with a problem, as the service would. */
export function assertProblem(
  { status, headers, body }: RawAnswer,
  expected: { status: number; type: string },
): void {
  assertEquals(status, expected.status, body);
  assertEquals(headers.get("content-type"), "application/problem+json");
  const problem = JSON.parse(body);
  assertEquals(problem.type, `/docs/problems#${expected.type}`);
  assertEquals(problem.status, expected.status);
  assertEquals(problem.request_id, headers.get("x-request-id"));
  assertMatch(problem.request_id, /^[0-9a-f]{32}$/);
  assertEquals(headers.get("strict-transport-security"), "max-age=31536000");
  assertEquals(headers.get("access-control-allow-origin"), "*");
  assertEquals(headers.has("retry-after"), RETRIABLE.includes(status));
  assertEquals(headers.has("allow"), status === 405);
  const known = Object.entries(PROBLEMS).find(([type]) => type === expected.type);
  if (known !== undefined) assertEquals(known[1].status, status);
}
