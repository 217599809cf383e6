import { Html } from "./browser/html.js";
import flame from "./favicon.svg" with { type: "text" };

/** Renders the flame, which is the page's icon too; the style sheet colours it. */
export function renderFlame(): Html {
  return new Html(flame);
}
