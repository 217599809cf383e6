import { assertEquals } from "@std/assert";
import { html } from "../../../src/web/browser/html.js";

Deno.test("html escapes what is interpolated, in text and in attributes", () => {
  const nasty = `<b title='"'>&</b>`;
  const escaped = "&#60;b title=&#39;&#34;&#39;&#62;&#38;&#60;/b&#62;";
  assertEquals(
    String(html`<p title="${nasty}">${nasty}</p>`),
    `<p title="${escaped}">${escaped}</p>`,
  );
});

Deno.test("html keeps markup of its own, lists of it too, and leaves false out", () => {
  const items = ["a", "<"].map((text) => html`<li>${text}</li>`);
  assertEquals(String(html`<ul>${items}</ul>${false}`), "<ul><li>a</li><li>&#60;</li></ul>");
});

Deno.test("html keeps nothing that only looks like its markup", () => {
  assertEquals(String(html`${{ text: "<b>", toString: () => "<i>" }}`), "&#60;i&#62;");
});
