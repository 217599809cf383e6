import * as z from "zod";
import { eventually } from "../helpers/eventually.ts";
import type { TestService } from "../helpers/service.ts";

/** Requests a path of a service, in this process or in another. */
export type RequestPath = TestService["request"];

const HOUR = z.object({ time: z.string(), price: z.number(), sentiment: z.number() });

const ANSWER = z.strictObject({
  hourly_average_of_averages: z.array(HOUR),
  price_direction: z.string(),
  sentiment_direction: z.string(),
  lit: z.boolean(),
  as_of: z.string(),
  stale: z.boolean(),
  feed: z.string(),
});

/** The body of `GET /is-bitcoin-lit`. */
export type AnswerBody = z.infer<typeof ANSWER>;

/** Requests the paths of a service that listens at a URL. */
export function requestsTo(url: string): RequestPath {
  return (path, init) => fetch(new URL(path, url), init);
}

/** Waits until the service has an answer. */
export async function readAnswer(request: RequestPath): Promise<AnswerBody> {
  return await eventually(async () => {
    const response = await request("/is-bitcoin-lit");
    const body = await response.json();
    return response.ok && ANSWER.parse(body);
  });
}

/** Requests one refresh. */
export async function refresh(request: RequestPath) {
  const response = await request("/refresh", { method: "POST" });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Waits until the service may refresh, and nothing else refreshes. */
export async function waitForIdle(request: RequestPath): Promise<void> {
  await eventually(async () => {
    const { status, body } = await refresh(request);
    return status === 200 && !body.replayed;
  });
}
