export { type Asset, readAsset } from "./assets.ts";
export { PAGE_HEADERS, renderPage } from "./page.ts";
export type { PageView } from "./page_view.ts";
