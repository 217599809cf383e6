import { LANGUAGES } from "../feeds/feed.ts";
import { assetPath } from "./assets.ts";
import { describeAnswer, stateOf, THEME_COLORS, titleOf } from "./browser/answer.js";
import { html } from "./browser/html.js";
import { canonicalPathIn, pathIn, renderScript, urlOf } from "./layout.ts";
import type { PageContext, PageView } from "./view.ts";

/** The size in pixels of the picture that other sites show beside a link to the page. */
export const PREVIEW_SIZE = { width: 1_200, height: 630 } as const;

/** Renders the head of the page. */
export function renderHead(view: PageView, context: PageContext) {
  const { assets, language } = view;
  const { light, dark } = THEME_COLORS[stateOf(view)];
  return html`<head>
<meta charset="utf-8">
<title>${titleOf(view, context, view.record)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="${light}">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="${dark}">
<meta name="description" content="${context.words.description}">
<link rel="icon" href="${assetPath(assets, "favicon.svg")}" type="image/svg+xml">
<link rel="apple-touch-icon" href="${assetPath(assets, "touch-icon.png")}">
<link rel="manifest" href="manifest.webmanifest">
<link rel="stylesheet" href="${assetPath(assets, "page.css")}">
${renderScript(assets, `page.${language}.js`)}
${renderLinks(view, context)}
${renderPreview(view, context)}
</head>`;
}

/**
 * Renders links to the same page elsewhere. Search engines take absolute URLs only, and the origin must
 * not be the client's: a cache would keep it for others.
 */
function renderLinks({ language, publicUrl }: PageView, { words }: PageContext) {
  return html`
    ${publicUrl !== undefined &&
      html`<link rel="canonical" href="${urlOf(canonicalPathIn(language), publicUrl)}">
<link rel="alternate" hreflang="x-default" href="${urlOf("./", publicUrl)}">
${
        LANGUAGES.map((tag) =>
          html`<link rel="alternate" hreflang="${tag}" href="${urlOf(pathIn(tag), publicUrl)}">`
        )
      }`}
    <link rel="alternate" type="application/atom+xml" href="feed.atom" title="${words.question}">
  `;
}

/**
 * Renders what other sites show beside a link to the page. They keep it for longer than a state lasts, so
 * the picture shows none, and the text says of when it is.
 */
function renderPreview(view: PageView, context: PageContext) {
  const { assets, language, publicUrl } = view;
  const { words } = context;
  return html`
    <meta property="og:type" content="website">
    <meta property="og:site_name" content="${words.question}">
    <meta property="og:locale" content="${words.locale.replace("-", "_")}">
    <meta property="og:title" content="${titleOf(view, context, view.record)}">
    <meta property="og:description" content="${describeAnswer(view, view.record, context) ??
      words.description}">
    ${publicUrl !== undefined &&
      html`<meta property="og:url" content="${urlOf(canonicalPathIn(language), publicUrl)}">
<meta property="og:image" content="${
        urlOf(assetPath(assets, `preview.${language}.png`), publicUrl)
      }">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="${PREVIEW_SIZE.width}">
<meta property="og:image:height" content="${PREVIEW_SIZE.height}">
<meta property="og:image:alt" content="${words.question}">`}
    <meta name="twitter:card" content="${publicUrl === undefined
      ? "summary"
      : "summary_large_image"}">
  `;
}
