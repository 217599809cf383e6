import { Buffer } from "node:buffer";
import { type Asset, FAVICON, TOUCH_ICON } from "./assets.ts";
import { THEME_COLORS } from "./browser/state.js";
import { words } from "./browser/words/en.js";
import { FAVICON_ICO_BASE64 } from "./pictures.ts";

/** The side of the icon for home screens, in pixels. */
export const TOUCH_ICON_SIZE = 180;

// A crawler would keep the event stream open.
const ROBOTS = "User-agent: *\nDisallow: /events\n";

const MANIFEST = {
  name: words.question,
  short_name: words.question,
  description: words.description,
  start_url: "/",
  display: "minimal-ui",
  theme_color: THEME_COLORS.unlit.dark,
  background_color: THEME_COLORS.unlit.dark,
  icons: [
    { src: `/assets/${FAVICON}`, sizes: "any", type: "image/svg+xml" },
    {
      src: `/assets/${TOUCH_ICON}`,
      sizes: `${TOUCH_ICON_SIZE}x${TOUCH_ICON_SIZE}`,
      type: "image/png",
    },
  ],
};

const SITE_FILES = new Map<string, Asset>([
  ["/favicon.ico", {
    body: Uint8Array.from(Buffer.from(FAVICON_ICO_BASE64, "base64")),
    contentType: "image/x-icon",
  }],
  ["/manifest.webmanifest", {
    body: JSON.stringify(MANIFEST),
    contentType: "application/manifest+json",
  }],
  ["/robots.txt", { body: ROBOTS, contentType: "text/plain; charset=utf-8" }],
]);

/** The paths of the files that clients look for outside `/assets/`. */
export const SITE_FILE_PATHS: readonly string[] = [...SITE_FILES.keys()];

/** Returns the file of a path of {@linkcode SITE_FILE_PATHS}; its content may change with a release. */
export function readSiteFile(path: string): Asset | undefined {
  return SITE_FILES.get(path);
}
