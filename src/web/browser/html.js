// @ts-check

const INDENTATION = /\s*\n\s*/g;

/** Markup that is safe to write into a page. */
export class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/**
 * Creates markup from a template: escapes each value unless it is markup itself; `false` leaves
 * nothing. Indentation is left out, so that the server and the browser, whose scripts are served
 * without it, create the same.
 *
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {Html}
 */
export function html(parts, ...values) {
  const raw = parts.raw.map((part) => part.replace(INDENTATION, "\n"));
  return new Html(String.raw({ raw }, ...values.map(escape)));
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function escape(value) {
  if (value instanceof Html) return value.text;
  if (value === false) return "";
  if (Array.isArray(value)) return value.map(escape).join("");
  return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
