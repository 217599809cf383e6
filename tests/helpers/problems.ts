import { assertEquals } from "@std/assert";

/** The body of a problem. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly request_id: string;
  readonly replayed?: true;
}

const KEYS = ["type", "title", "status", "detail", "request_id"];

/** Reads a problem's body; fails unless body and headers are those of every problem. */
export async function readProblem(response: Response): Promise<ProblemBody> {
  assertEquals(response.headers.get("content-type"), "application/problem+json");
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assertEquals(response.headers.get("cache-control"), "no-store");
  const text = await response.text();
  assertEquals(text.at(-1), "\n");
  const problem: ProblemBody = JSON.parse(text);
  assertEquals(Object.keys(problem), problem.replayed ? [...KEYS, "replayed"] : KEYS);
  assertEquals(problem.status, response.status);
  assertEquals(problem.request_id, response.headers.get("x-request-id"));
  return problem;
}
