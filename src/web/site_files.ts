import type { Assets, File } from "../http/assets.ts";
import { decode } from "./assets.ts";
import { THEME_COLORS } from "./browser/answer.js";
import { words } from "./browser/words.en.js";
import { assetPath } from "./layout.ts";
import faviconIco from "./pictures/favicon.ico.base64" with { type: "text" };

/** The side of the icon for home screens, in pixels. */
export const TOUCH_ICON_SIZE = 180;

// A crawler would keep the event stream open.
const ROBOTS = "User-agent: *\nDisallow: /events\n";

/** Creates the files that clients look for outside `/assets/`, by their paths. */
export function createSiteFiles(assets: Assets): ReadonlyMap<string, File> {
  const manifest = JSON.stringify(createManifest(assets));
  return new Map([
    ["/favicon.ico", { body: decode(faviconIco), contentType: "image/x-icon" }],
    ["/manifest.webmanifest", { body: manifest, contentType: "application/manifest+json" }],
    ["/robots.txt", { body: ROBOTS, contentType: "text/plain; charset=utf-8" }],
  ]);
}

function createManifest(assets: Assets) {
  return {
    name: words.question,
    short_name: words.question,
    description: words.description,
    start_url: "./",
    display: "minimal-ui",
    theme_color: THEME_COLORS.unlit.dark,
    background_color: THEME_COLORS.unlit.dark,
    icons: [
      { src: assetPath(assets, "favicon.svg"), sizes: "any", type: "image/svg+xml" },
      {
        src: assetPath(assets, "touch-icon.png"),
        sizes: `${TOUCH_ICON_SIZE}x${TOUCH_ICON_SIZE}`,
        type: "image/png",
      },
    ],
  };
}
