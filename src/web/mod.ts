export { type Asset, readAsset } from "./assets.ts";
export { chooseLanguage } from "./language.ts";
export { EMBED_HEADERS, renderEmbed } from "./embed.ts";
export { PAGE_HEADERS, renderPage } from "./page.ts";
export { readSiteFile, SITE_FILE_PATHS } from "./site_files.ts";
