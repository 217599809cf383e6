import { createHash } from "node:crypto";
import { PROBLEM_NAMES, type ProblemName, PROBLEMS } from "./problem.ts";

/** What each problem means, and what a client can do. */
const EXPLANATIONS: Readonly<Record<ProblemName, string>> = {
  "invalid-request":
    "A parameter or the header Host has a value that cannot be used. The detail names it, and says what it must be.",
  "unauthorized":
    "The service has a REFRESH_TOKEN, and the request did not carry it. Send Authorization: Bearer and the token.",
  "not-found": "No route has this path. All paths are listed in /docs.",
  "method-not-allowed":
    "The path exists, but not for this method. The header Allow lists those that do.",
  "content-too-large":
    "The body of the request is larger than this path takes. Send it without a body.",
  "uri-too-long": "The URL is longer than 2,048 characters. Shorten it.",
  "internal":
    "A fault of the service. It is logged under the request_id of the answer: report that.",
  "feed-unavailable":
    "No source of the feed could be reached, or all answered with an error. Stored answers stay available; try again after Retry-After.",
  "feed-invalid":
    "The feed answered, but not with data that can be read. Stored answers stay available; the log has the details.",
  "feed-timeout": "The feed took too long. Stored answers stay available; try again later.",
  "busy":
    "Too many histories are being read or track records computed at once, or the first refresh is still running. Try again after Retry-After.",
  "no-data":
    "There are no samples of both price and sentiment yet. The detail says which are missing and which source failed.",
  "store-unavailable":
    "Redis cannot be reached, is too slow, or has no time series. Try again after Retry-After.",
  "too-many-streams":
    "The instance has as many event streams as it takes. Try again after Retry-After.",
};

/** What a proxy in front answers by itself; `ops/nginx.conf` is one. */
const PROXY_PROBLEMS: readonly (readonly [name: string, status: number, text: string])[] = [
  ["forbidden", 403, "This path is for the network of the operator only."],
  ["too-many-requests", 429, "The proxy limits requests per client. Try again after Retry-After."],
  ["bad-gateway", 502, "The proxy cannot reach the service. Try again after Retry-After."],
  ["gateway-timeout", 504, "The service did not answer the proxy in time. Try again later."],
];

const STYLE =
  ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}" +
  "h2,h3{font:600 1rem/1.5 ui-monospace,monospace;margin:2rem 0 0}p{margin:.25rem 0}:target{outline:2px solid;outline-offset:.5rem}";

/** The page may use its own style, and nothing else. */
export const PROBLEMS_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  // The empty icon, without which a browser asks for one.
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Renders the page that the `type` of every problem leads to. */
export function renderProblems(): string {
  const sections = PROBLEM_NAMES.map(renderProblem).join("\n");
  const proxySections = PROXY_PROBLEMS.map(([name, status, text]) =>
    `<h3 id="${name}">${status} ${name}</h3>\n<p>${text}</p>`
  ).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="What each error of the API means, and what a client can do">
<title>Is Bitcoin Lit: problems</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Problems</h1>
<p>Every error is a problem (RFC 9457). Its <code>type</code> leads here, its <code>detail</code> says what went wrong this time.</p>
${sections}
<h2>From the proxy in front</h2>
${proxySections}
</main>
</body>
</html>
`;
}

function renderProblem(name: ProblemName): string {
  const { status, title } = PROBLEMS[name];
  return `<h2 id="${name}">${status} ${name}</h2>\n<p><b>${title}.</b> ${EXPLANATIONS[name]}</p>`;
}
