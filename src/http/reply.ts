/** Headers of one reply, names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** What one reply is made of, beside its request id. */
export interface Reply {
  /** @default 200 */
  status?: number;
  headers: CompleteHeaders;
  body?: BodyInit | null;
  /** @default a new one */
  requestId?: string;
}

const COMMON_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "etag, retry-after, x-request-id",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
} as const;

/** Headers with those for CORS and security that every reply has: {@linkcode complete} adds them. */
export type CompleteHeaders = ReplyHeaders & Readonly<Record<keyof typeof COMMON_HEADERS, string>>;

const PROCESS_ID = crypto.randomUUID().slice(0, 8);

let lastId = 0;

/** Adds the headers that every reply has; one that is given stays. */
export function complete(headers: ReplyHeaders): CompleteHeaders {
  return { ...COMMON_HEADERS, ...headers };
}

/**
 * Makes a response with all its headers at once: to change those of a finished response would more
 * than halve the throughput of a small route.
 */
export function reply(made: Reply): Response {
  const requestId = made.requestId ?? createRequestId();
  const headers = { ...made.headers, "x-request-id": requestId };
  return new Response(made.body, { status: made.status ?? 200, headers });
}

/** An id that no other request has. One that a client gave would cost each read a look for it. */
export function createRequestId(): string {
  return `${PROCESS_ID}-${++lastId}`;
}
