import { LANGUAGES } from "../feeds/feed.ts";
import type { PageView } from "./view.ts";
import { FAVICON, PAGE_SCRIPTS, PAGE_STYLES, previewOf, TOUCH_ICON } from "./assets.ts";
import { describeDirections } from "./browser/answer.js";
import { html } from "./browser/html.js";
import { stateOf, THEME_COLORS, titleOf } from "./browser/state.js";
import { PREVIEW_SIZE, type PreviewState } from "./pictures.ts";
import type { RenderContext } from "./view.ts";
import type { State } from "./words.ts";
import { pathIn, urlOf } from "./layout.ts";

const PREVIEW_STATES = new Map<State, PreviewState>([
  ["lit", "lit"],
  ["unlit", "unlit"],
  ["single-hour", "unlit"],
  ["stale", "stale"],
]);

/** Renders the head of the page. */
export function renderHead(view: PageView, context: RenderContext) {
  const { light, dark } = THEME_COLORS[stateOf(view)];
  return html`<head>
<meta charset="utf-8">
<title>${titleOf(view, context)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="${light}">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${dark}">
<meta name="description" content="${context.words.description}">
<link rel="icon" href="/assets/${FAVICON}" type="image/svg+xml">
<link rel="apple-touch-icon" href="/assets/${TOUCH_ICON}">
<link rel="manifest" href="/manifest.webmanifest">
<link rel="stylesheet" href="/assets/${PAGE_STYLES}">
<script type="module" src="/assets/${PAGE_SCRIPTS[view.language]}"></script>
${renderLinks(view, context)}
${renderPreview(view, context)}
</head>`;
}

/** Renders links to the same page elsewhere; a canonical URL needs an origin that is not the client's. */
function renderLinks({ language, publicUrl }: PageView, { words }: RenderContext) {
  return html`
    ${publicUrl !== undefined &&
      html`<link rel="canonical" href="${urlOf(pathIn(language), publicUrl)}">`}
    ${LANGUAGES.map((tag) =>
      html`
        <link rel="alternate" hreflang="${tag}" href="${urlOf(pathIn(tag), publicUrl)}">
      `
    )}
    <link rel="alternate" type="application/atom+xml" href="/feed.atom" title="${words.question}">
  `;
}

/** Renders what other sites show beside a link to the page. */
function renderPreview(view: PageView, context: RenderContext) {
  const { language, publicUrl } = view;
  const state = PREVIEW_STATES.get(stateOf(view));
  const picture = state !== undefined && publicUrl !== undefined && previewOf(state, language);
  return html`
    <meta property="og:type" content="website">
    <meta property="og:site_name" content="${context.words.question}">
    <meta property="og:locale" content="${context.words.locale.replace("-", "_")}">
    <meta property="og:title" content="${titleOf(view, context)}">
    <meta property="og:description" content="${describeDirections(view, context) ??
      context.words.description}">
    ${publicUrl !== undefined &&
      html`<meta property="og:url" content="${urlOf(pathIn(language), publicUrl)}">`}
    ${picture && html`<meta property="og:image" content="${urlOf(`/assets/${picture}`, publicUrl)}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${PREVIEW_SIZE.width}">
<meta property="og:image:height" content="${PREVIEW_SIZE.height}">
<meta property="og:image:alt" content="${titleOf(view, context)}">`}
    <meta name="twitter:card" content="${picture ? "summary_large_image" : "summary"}">
  `;
}
