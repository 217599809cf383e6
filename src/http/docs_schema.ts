import { html } from "hono/html";
import * as z from "zod/mini";
import { PROBLEM_NAMES } from "./problem.ts";

/** What the documentation shows of a JSON schema. */
export const SCHEMA = z.object({
  $ref: z.optional(z.string()),
  type: z.optional(z.union([z.string(), z.array(z.string())])),
  format: z.optional(z.string()),
  description: z.optional(z.string()),
  enum: z.optional(z.array(z.unknown())),
  const: z.optional(z.unknown()),
  default: z.optional(z.unknown()),
  examples: z.optional(z.array(z.unknown())),
  pattern: z.optional(z.string()),
  minimum: z.optional(z.number()),
  maximum: z.optional(z.number()),
  exclusiveMinimum: z.optional(z.number()),
  required: z.optional(z.array(z.string())),
  get properties() {
    return z.optional(z.record(z.string(), SCHEMA));
  },
  get items() {
    return z.optional(SCHEMA);
  },
  get anyOf() {
    return z.optional(z.array(SCHEMA));
  },
});

/** A JSON schema, as far as the documentation shows it. */
export type Schema = z.infer<typeof SCHEMA>;

type Markup = ReturnType<typeof html>;

/** Renders all schemas of a document, by their names. */
export function renderSchemas(schemas: Readonly<Record<string, Schema>>) {
  return html`
    <section aria-labelledby="schemas">
      <h2 id="schemas">Schemas</h2>
      ${Object.entries(schemas).map(renderSchema)}
    </section>
  `;
}

function renderSchema([name, schema]: [string, Schema]) {
  return html`
    <article aria-labelledby="schema-${name}">
    <h3 id="schema-${name}">${name}</h3>
    ${renderFields(schema)}
    </article>
  `;
}

/** Renders the fields of an object, or of the objects in an array or a choice. */
function renderFields(
  { properties = {}, required = [], items, anyOf = [] }: Schema,
): Markup {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const limits = [...describeLimits(schema), !required.includes(name) && "optional"];
    return html`
      <li><code>${name}</code> <span>${limits.filter(Boolean).join(", ")}</span>
      ${renderText(schema.description ?? "")}${renderFields(schema)}</li>
    `;
  });
  const inner = [...items === undefined ? [] : [items], ...anyOf].map(renderFields);
  return html`${fields.length > 0 && html`<ul class="fields">${fields}</ul>`}${inner}`;
}

/** Describes the type of a value, and what else it must be, in a few words each. */
export function describeLimits(schema: Schema): string[] {
  const { format, minimum, maximum, exclusiveMinimum, pattern, examples = [] } = schema;
  return [
    describeType(schema),
    minimum !== undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    maximum !== undefined && `at most ${maximum}`,
    // A format says it in a word.
    pattern !== undefined && format === undefined && `matches ${pattern}`,
    schema.default !== undefined && `else ${schema.default}`,
    examples.length > 0 && `such as ${examples.join(" or ")}`,
  ].filter((text) => text !== false);
}

function describeType({ $ref, type, format, items, anyOf, ...schema }: Schema): string {
  if ($ref !== undefined) return nameOf($ref);
  if (schema.const !== undefined) return `${schema.const}`;
  if (schema.enum !== undefined) return schema.enum.join(" or ");
  if (anyOf !== undefined) return anyOf.map(describeType).join(" or ");
  if (items !== undefined) return `array of ${describeType(items)}`;
  return format ?? [type ?? "any"].flat().join(" or ");
}

/** Leads to the schema that a reference names. */
export function renderReference(reference: string) {
  const name = nameOf(reference);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

const PROBLEMS: ReadonlySet<string> = new Set(PROBLEM_NAMES);

/** Renders a text in which backticks enclose code; the name of a problem leads to its explanation. */
export function renderText(text: string) {
  return text.split("`").map((part, i) => {
    if (i % 2 === 0) return part;
    const code = html`<code>${part}</code>`;
    return PROBLEMS.has(part) ? html`<a href="docs/problems#${part}">${code}</a>` : code;
  });
}
