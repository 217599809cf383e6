import { html } from "hono/html";
import * as z from "zod/mini";
import type { Assets } from "./assets.ts";
import {
  describeLimits,
  renderReference,
  renderSchemas,
  renderText,
  SCHEMA,
} from "./docs_schema.ts";

const PARAMETER = z.object({
  name: z.string(),
  in: z.string(),
  required: z.optional(z.boolean()),
  schema: SCHEMA,
});

type Parameter = z.infer<typeof PARAMETER>;

const RESPONSE = z.object({
  description: z.string(),
  content: z.optional(z.record(z.string(), z.object({ schema: SCHEMA }))),
});

type Response = z.infer<typeof RESPONSE>;

const OPERATION = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  description: z.string(),
  parameters: z.optional(z.array(PARAMETER)),
  responses: z.record(z.string(), RESPONSE),
  security: z.optional(z.array(z.record(z.string(), z.unknown()))),
});

const INFO = z.object({ title: z.string(), version: z.string(), description: z.string() });

type Info = z.infer<typeof INFO>;

/** What the page shows of an OpenAPI document. */
const DOCUMENT = z.object({
  info: INFO,
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), OPERATION)),
  components: z.object({ schemas: z.record(z.string(), SCHEMA) }),
});

interface Route extends z.infer<typeof OPERATION> {
  readonly method: string;
  readonly path: string;
}

/** The routes of one tag. */
interface Section {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}

/** Renders an OpenAPI document as a page that is read without a script; the assets let readers try requests. */
export async function renderDocs(document: unknown, { hash }: Pick<Assets, "hash">) {
  const { info, tags, paths, components } = DOCUMENT.parse(document);
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    }))
  );
  const sections = tags.map((tag) => ({
    ...tag,
    routes: routes.filter((route) => route.tags.includes(tag.name)),
  }));
  return String(
    await html`
      <!DOCTYPE html>
      <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="description" content="${info.description}">
          <title>${info.title}: the API</title>
          <link rel="icon" href="data:,">
          <link rel="stylesheet" href="docs/files/${hash}/page.css">
          <script src="docs/files/${hash}/page.js" defer></script>
        </head>
        <body>
          ${renderHeader(info)}
          <main id="reading">
            <nav aria-label="Routes">
              <ul>${sections.map((section) => section.routes.map(renderLink))}</ul>
            </nav>
            <p id="address">In the commands, <code>$URL</code> is the address of this service, without a final slash.</p>
            ${sections.map(renderSection)} ${renderSchemas(components.schemas)}
          </main>
          <div id="trying" hidden></div>
        </body>
      </html>
    `,
  );
}

function renderHeader({ title, description, version }: Info) {
  return html`
    <header>
      <h1>${title}: the API</h1>
      <p>${description} Version ${version}.</p>
      <p class="links">
        <a href="./">The page</a>
        <a href="openapi.json">OpenAPI document</a>
        <a href="docs/problems">Problems</a>
        <button id="try" type="button" hidden>Try requests</button>
        <span id="progress" role="status"></span>
      </p>
      <h2 id="trying-title" hidden>Requests</h2>
    </header>
  `;
}

function renderSection({ name, description, routes }: Section) {
  return html`
    <section aria-labelledby="${name}">
      <h2 id="${name}">${name}</h2>
      <p>${description}</p>
      ${routes.map(renderRoute)}
    </section>
  `;
}

function renderLink({ operationId, method, path }: Route) {
  return html`<li><a href="#${operationId}">${method} ${path}</a></li>\n`;
}

function renderRoute(route: Route) {
  const { operationId, method, path, summary, description, parameters = [], responses } = route;
  return html`
    <article aria-labelledby="${operationId}">
    <h3 id="${operationId}"><span>${method}</span> ${path}</h3>
    <p><b>${summary}</b></p>
    <p>${renderText(description)}</p>
    <pre><code>${createCommand(route)}</code></pre>
    ${parameters.length > 0 &&
      html`<h4>Parameters</h4>\n<dl>${parameters.map(renderParameter)}</dl>`}
    <h4>Answers</h4>
    <dl>${Object.entries(responses).map(renderResponse)}</dl>
    </article>
  `;
}

/** Writes a request for a shell; what a parameter defaults to is filled in, as an example. */
function createCommand({ method, path, parameters = [], responses, security = [] }: Route): string {
  const query = parameters.flatMap(({ name, schema }) =>
    schema.default === undefined ? [] : [`${name}=${schema.default}`]
  );
  const isStream = "text/event-stream" in (responses["200"]?.content ?? {});
  return [
    "curl",
    isStream && "-N",
    method !== "GET" && `-X ${method}`,
    security.some(({ token }) => token !== undefined) && '-H "Authorization: Bearer $TOKEN"',
    `"$URL${path}${query.length > 0 ? `?${query.join("&")}` : ""}"`,
  ].filter(Boolean).join(" ");
}

function renderParameter({ name, in: place, required, schema }: Parameter) {
  const limits = [place, required && "required", ...describeLimits(schema)].filter(Boolean);
  return html`
    <dt><code>${name}</code> <span>${limits.join(", ")}</span></dt>
    <dd>${renderText(schema.description ?? "")}</dd>
  `;
}

function renderResponse([status, { description, content = {} }]: [string, Response]) {
  return html`
    <dt>${status}${Object.entries(content).map(([type, { schema }]) =>
      html`
        <span>${type}${schema.$ref && html`, ${renderReference(schema.$ref)}`}</span>
      `
    )}</dt>
    <dd>${renderText(description)}</dd>
  `;
}
