import type { PageView } from "../core/page_view.ts";
import { html } from "./browser/html.js";
import { stateOf } from "./browser/state.js";

/** Renders the tag of the body with what the script needs to know. */
export function renderBodyTag(view: PageView) {
  const revision = "answer" in view ? view.revision : undefined;
  return html`
    <body data-state="${stateOf(view)}" data-now="${view.now}"
      data-revision="${revision ?? ""}" data-frozen="${String(view.frozenFeed === true)}">
  `;
}
