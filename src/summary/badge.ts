import { type State, STATE_WORDS } from "./states.js";
import type { Badge } from "./wire.ts";

const LABEL = "bitcoin";

interface Look {
  /** One of shields' named colors, and what it is there. */
  readonly color: string;
  readonly hex: string;
  /** How wide the message is in pixels; badge-maker knows by the widths of Verdana's characters. */
  readonly width: number;
}

const LOOKS: Readonly<Record<State, Look>> = {
  lit: { color: "orange", hex: "#ea7233", width: 21 },
  unlit: { color: "blue", hex: "#007ec6", width: 43 },
  stale: { color: "lightgrey", hex: "#939393", width: 61 },
};

const LABEL_WIDTH = 47;

/** Describes a badge for shields.io. */
export function badgeJson(state: State): Badge {
  const { color } = LOOKS[state];
  return { schemaVersion: 1, label: LABEL, message: STATE_WORDS[state].label, color };
}

/** Renders a badge as SVG, as badge-maker of shields.io does. */
export function renderBadge(state: State): string {
  const { hex, width } = LOOKS[state];
  const { label: message } = STATE_WORDS[state];
  const total = LABEL_WIDTH + width;
  const title = `${LABEL}: ${message}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="20" role="img" aria-label="${title}"><title>${title}</title>` +
    `<filter id="blur"><feGaussianBlur stdDeviation="16"/></filter>` +
    `<linearGradient id="s" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient>` +
    `<clipPath id="r"><rect width="${total}" height="20" rx="3"/></clipPath>` +
    `<g clip-path="url(#r)"><rect width="${LABEL_WIDTH}" height="20" fill="#555"/><rect x="${LABEL_WIDTH}" width="${width}" height="20" fill="${hex}"/><rect width="${total}" height="20" fill="url(#s)"/></g>` +
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" text-rendering="geometricPrecision" font-size="110">` +
    `${renderText(LABEL, 245, 370)}${
      renderText(message, 460 + 5 * width, 10 * width - 100)
    }</g></svg>`;
}

/** Renders a text with its shadow, in tenths of a pixel. */
function renderText(text: string, x: number, length: number): string {
  return `<g transform="scale(.1)"><g aria-hidden="true" fill="#010101"><text x="${x}" y="150" fill-opacity=".8" filter="url(#blur)" textLength="${length}">${text}</text>` +
    `<text x="${x}" y="150" fill-opacity=".3" textLength="${length}">${text}</text></g><text x="${x}" y="140" textLength="${length}">${text}</text></g>`;
}
