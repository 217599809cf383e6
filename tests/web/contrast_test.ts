import { assert } from "@std/assert";

// WCAG 2.2, 1.4.3 and 1.4.11, level AA.
const TEXT_RATIO = 4.5;
const GRAPHIC_RATIO = 3;

const STYLES = await Deno.readTextFile(new URL("../../src/web/theme.css", import.meta.url));
const STATES = ['[data-state="lit"]', '[data-state]:not([data-state$="lit"])'];
const SCHEMES = ["light", "dark"] as const;
const LIMITS = { timeout: 60_000 };

type Scheme = typeof SCHEMES[number];
type Colour = [number, number, number];

/** The colours of a state in a scheme, by their names. */
function readTokens(state: string | undefined, scheme: Scheme): Map<string, string> {
  const blocks = [":root", ...state === undefined ? [] : [state]];
  const text = blocks.map((selector) => STYLES.split(`\n${selector} {`)[1]?.split("}")[0]).join("");
  const tokens = [...text.matchAll(/--([\w-]+): (?:light-dark\()?(#\w+)(?:, (#\w+)\))?;/g)];
  return new Map(tokens.map(([, name = "", light = "", dark = light]) => [
    name,
    scheme === "light" ? light : dark,
  ]));
}

function channels(hex: string): { colour: Colour; alpha: number } {
  const [r = 0, g = 0, b = 0, a = 255] = (hex.slice(1).match(/../g) ?? []).map((pair) =>
    parseInt(pair, 16)
  );
  return { colour: [r, g, b], alpha: a / 255 };
}

/** Blends layers of colours, the lowest first; the lowest must be opaque. */
function blend(hexes: readonly string[]): Colour {
  return hexes.map(channels).reduce((below, { colour, alpha }) => ({
    colour: colour.map((value, i) =>
      value * alpha + (below.colour[i] ?? 0) * (1 - alpha)
    ) as Colour,
    alpha: 1,
  })).colour;
}

/** Relative luminance as WCAG defines it. */
function luminance(colour: Colour): number {
  const [r = 0, g = 0, b = 0] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Colour, b: Colour): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function assertContrast(tokens: Map<string, string>, over: string, under: string[], least: number) {
  const layers = under.map((name) => findToken(tokens, name));
  const ratio = contrast(blend([...layers, findToken(tokens, over)]), blend(layers));
  assert(ratio >= least, `--${over} on ${under.join(" + ")}: ${ratio.toFixed(2)}`);
}

function findToken(tokens: Map<string, string>, name: string): string {
  const hex = tokens.get(name);
  if (hex === undefined) throw new Error(`Cannot find the colour --${name} in theme.css`);
  return hex;
}

Deno.test.each(SCHEMES.map((scheme) => ({ scheme })))(
  "colours of the page contrast in the $scheme scheme",
  LIMITS,
  ({ scheme }) => {
    const tokens = readTokens(undefined, scheme);
    for (const text of ["ink", "quiet", "link", "price", "sentiment"]) {
      assertContrast(tokens, text, ["paper"], TEXT_RATIO);
    }
    for (const line of ["price", "sentiment"]) {
      assertContrast(tokens, line, ["paper", "window"], GRAPHIC_RATIO);
    }
  },
);

Deno.test.each(
  SCHEMES.flatMap((scheme) => [undefined, ...STATES].map((state) => ({ scheme, state }))),
)(
  "colours of the stage contrast in the $scheme scheme, state $state",
  LIMITS,
  ({ scheme, state }) => {
    const tokens = readTokens(state, scheme);
    const hatched = tokens.has("stage-hatch") ? ["stage", "stage-hatch"] : ["stage"];
    for (const text of ["stage-ink", "stage-quiet"]) {
      assertContrast(tokens, text, ["stage"], TEXT_RATIO);
      assertContrast(tokens, text, hatched, TEXT_RATIO);
    }
  },
);
