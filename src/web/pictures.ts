// Pictures are kept as Base64 text, because Deno and its bundler import binary files only with a
// flag. `deno task screenshot` takes new ones.
import type { Language } from "../feeds/feed.ts";
import faviconIco from "./pictures/favicon.ico.base64" with { type: "text" };
import litEn from "./pictures/preview-lit.en.png.base64" with { type: "text" };
import litZhCn from "./pictures/preview-lit.zh-CN.png.base64" with { type: "text" };
import staleEn from "./pictures/preview-stale.en.png.base64" with { type: "text" };
import staleZhCn from "./pictures/preview-stale.zh-CN.png.base64" with { type: "text" };
import unlitEn from "./pictures/preview-unlit.en.png.base64" with { type: "text" };
import unlitZhCn from "./pictures/preview-unlit.zh-CN.png.base64" with { type: "text" };
import touchIcon from "./pictures/touch-icon.png.base64" with { type: "text" };

/** The states that have a preview picture. */
export type PreviewState = "lit" | "unlit" | "stale";

/** The picture that other sites show beside a link to the page. */
export interface Preview {
  readonly state: PreviewState;
  readonly language: Language;
  readonly base64: string;
}

/** The size of previews in pixels. */
export const PREVIEW_SIZE = { width: 1_200, height: 630 } as const;

/** A preview for each state and language. */
export const PREVIEWS: readonly Preview[] = [
  { state: "lit", language: "en", base64: litEn },
  { state: "lit", language: "zh-CN", base64: litZhCn },
  { state: "unlit", language: "en", base64: unlitEn },
  { state: "unlit", language: "zh-CN", base64: unlitZhCn },
  { state: "stale", language: "en", base64: staleEn },
  { state: "stale", language: "zh-CN", base64: staleZhCn },
];

/** The icon for browsers that ask for `/favicon.ico`, in Base64. */
export const FAVICON_ICO_BASE64: string = faviconIco;

/** The icon for home screens, in Base64. */
export const TOUCH_ICON_BASE64: string = touchIcon;
