import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "text" };
import style from "swagger-ui-dist/swagger-ui.css" with { type: "text" };
import { Content } from "./content.ts";
import { encodeJson } from "./json.ts";
import { createOpenApiDocument } from "./openapi.ts";
import { ProblemError } from "./problem.ts";
import { PROBLEMS_CSP, renderProblems } from "./problems_page.ts";

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI sets style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const CACHE_CONTROL = "public, max-age=3600";

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

const CONTENTS: ReadonlyMap<string, Content> = new Map([
  ["/openapi.json", createFile(encodeJson(createOpenApiDocument()), "application/json")],
  ["/docs", createPage(PAGE, CONTENT_SECURITY_POLICY)],
  ["/docs/problems", createPage(renderProblems(), PROBLEMS_CSP)],
  ["/docs/swagger-ui.css", createFile(style, "text/css; charset=utf-8")],
  ["/docs/swagger-ui.js", createFile(script, "text/javascript; charset=utf-8")],
  ["/docs/start.js", createFile(START, "text/javascript; charset=utf-8")],
]);

/** Answers with a page of the documentation, or a file that one needs. */
export function replyDocs(request: Request, path: string): Promise<Response> {
  const content = CONTENTS.get(path);
  if (content === undefined) throw new ProblemError("not-found", "See /docs for all paths");
  return content.reply(request);
}

function createPage(body: string, policy: string): Content {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    "cache-control": CACHE_CONTROL,
  };
  return new Content({ body, headers });
}

function createFile(body: string, contentType: string): Content {
  return new Content({
    body,
    headers: { "content-type": contentType, "cache-control": CACHE_CONTROL },
  });
}
