/// <reference lib="dom" />
import { LANGUAGES } from "../../src/feeds/feed.ts";
import flame from "../../src/web/favicon.svg" with { type: "text" };
import { PREVIEW_SIZE } from "../../src/web/head.ts";
import { TOUCH_ICON_SIZE } from "../../src/web/assets.ts";
import type { TestBrowser, Visit } from "../helpers/browser.ts";
import { serveScript } from "./scripted_service.ts";
import { viewIn } from "./views.ts";

const FOLDER = new URL("../../src/web/pictures/", import.meta.url);
const FAVICON_SIZE = 32;
const ICO_HEADER_BYTES = 22;
const LINE_CHARACTERS = /.{1,100}/g;

/** Takes all pictures that the site serves and writes them as Base64. */
export async function takePictures(browser: TestBrowser): Promise<void> {
  for (const language of LANGUAGES) {
    await using service = serveScript(viewIn("unlit", language));
    const options = { viewport: PREVIEW_SIZE, javascript: false };
    await using visit = await browser.visit(`${service.url}?lang=${language}`, options);
    await showQuestionAlone(visit);
    await write(`preview.${language}.png`, await visit.page.screenshot());
  }
  await write("touch-icon.png", await takeIcon(browser, TOUCH_ICON_SIZE, "#17191d"));
  await write("favicon.ico", wrapIco(await takeIcon(browser, FAVICON_SIZE, "transparent")));
}

/** Fills the window with the question beside the flame, which is neither lit nor out: links outlive answers. */
async function showQuestionAlone({ page }: Visit): Promise<void> {
  const style = `
    .stage .inner { min-height: 100vh }
    .top { position: absolute; top: 50%; translate: 0 -50%; max-width: 50% }
    h1 { font-size: 7rem; font-weight: 800; line-height: 1.05 }
    :lang(zh) h1 { font-size: 6.25rem; white-space: nowrap }
    .languages, .said { display: none }
    .flame path { stroke: #ffb01f }`;
  // The page's policy allows no style elements.
  await page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }, style);
}

/** Takes a square picture of the flame. */
async function takeIcon(
  browser: TestBrowser,
  size: number,
  background: string,
): Promise<Uint8Array> {
  await using visit = await browser.visit("about:blank", {
    viewport: { width: size, height: size },
  });
  const padding = background === "transparent" ? 0 : size / 8;
  await visit.page.setContent(`<!doctype html>
    <style>
      body { margin: 0; background: ${background} }
      svg { box-sizing: border-box; width: 100vw; height: 100vh; padding: ${padding}px }
    </style>${flame}`);
  return await visit.page.screenshot({ omitBackground: true });
}

/** Puts a PNG into an ICO file: a directory of one entry, then the picture. */
function wrapIco(png: Uint8Array): Uint8Array {
  const ico = new Uint8Array(ICO_HEADER_BYTES + png.length);
  const view = new DataView(ico.buffer);
  view.setUint16(2, 1, true); // an icon
  view.setUint16(4, 1, true); // one picture
  view.setUint8(6, FAVICON_SIZE);
  view.setUint8(7, FAVICON_SIZE);
  view.setUint16(10, 1, true); // colour planes
  view.setUint16(12, 32, true); // bits per pixel
  view.setUint32(14, png.length, true);
  view.setUint32(18, ICO_HEADER_BYTES, true);
  ico.set(png, ICO_HEADER_BYTES);
  return ico;
}

async function write(name: string, bytes: Uint8Array): Promise<void> {
  const lines = bytes.toBase64().match(LINE_CHARACTERS) ?? [];
  await Deno.writeTextFile(new URL(`${name}.base64`, FOLDER), `${lines.join("\n")}\n`);
}
