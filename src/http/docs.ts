import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "text" };
import style from "swagger-ui-dist/swagger-ui.css" with { type: "text" };
import { ProblemError } from "./problem.ts";
import { complete, reply } from "./reply.ts";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI gives some elements a style attribute.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Is Bitcoin Lit: the API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <script src="/docs/swagger-ui.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </head>
  <body>
    <main id="docs"></main>
    <noscript>The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", validatorUrl: null });\n`;

const FILES: Readonly<Record<string, { body: string; contentType: string }>> = {
  "swagger-ui.css": { body: style, contentType: "text/css; charset=utf-8" },
  "swagger-ui.js": { body: script, contentType: "text/javascript; charset=utf-8" },
  "start.js": { body: START, contentType: "text/javascript; charset=utf-8" },
};

/** Answers with the page that shows the OpenAPI document, by Swagger UI. */
export function replyDocs(): Response {
  const headers = complete({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "public, max-age=3600",
  });
  return reply({ headers, body: PAGE });
}

/** Answers with a file that the page needs. */
export function replyDocsFile(name: string): Response {
  const file = FILES[name];
  if (file === undefined) throw new ProblemError("not-found", "See /docs for the paths there are");
  const { body, contentType } = file;
  const cacheControl = "public, max-age=3600";
  const headers = complete({ "content-type": contentType, "cache-control": cacheControl });
  return reply({ headers, body });
}
