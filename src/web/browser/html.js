// @ts-check

/** Markup that is safe to be written into a page. */
class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/**
 * Makes markup of a template; what is interpolated is escaped, unless it was made here too, and
 * `false` leaves nothing.
 *
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {Html}
 */
export function html(parts, ...values) {
  return new Html(String.raw({ raw: parts }, ...values.map(escape)));
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
