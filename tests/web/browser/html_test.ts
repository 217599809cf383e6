import { assertEquals } from "@std/assert";
import { html } from "../../../src/web/browser/html.js";

const LIMITS = { timeout: 60_000 };

Deno.test("html escapes values, in text and in attributes", LIMITS, () => {
  const hostile = `<b title='"'>&</b>`;
  const escaped = "&#60;b title=&#39;&#34;&#39;&#62;&#38;&#60;/b&#62;";
  assertEquals(
    String(html`<p title="${hostile}">${hostile}</p>`),
    `<p title="${escaped}">${escaped}</p>`,
  );
});

Deno.test("html keeps its own markup, also in lists, and leaves out false", LIMITS, () => {
  const items = ["a", "<"].map((text) => html`<li>${text}</li>`);
  assertEquals(String(html`<ul>${items}</ul>${false}`), "<ul><li>a</li><li>&#60;</li></ul>");
});

Deno.test("html escapes what only looks like its markup", LIMITS, () => {
  assertEquals(String(html`${{ text: "<b>", toString: () => "<i>" }}`), "&#60;i&#62;");
});

Deno.test("html leaves out indentation, but not that of values", LIMITS, () => {
  assertEquals(
    String(html`
      <p>
        ${"a\n  b"}
      </p>
    `),
    "\n<p>\na\n  b\n</p>\n",
  );
});
