import type { Language } from "../core/language.ts";
import type { PageView } from "../core/page_view.ts";
import { createFormats } from "./browser/format.js";
import { createRecordFormats } from "./browser/record_format.js";
import { words as en } from "./browser/words/en.js";
import { words as zhCn } from "./browser/words/zh-CN.js";
import type { RenderContext } from "./render_context.ts";
import type { Words } from "./words.ts";

/** The words of the page in each language. */
export const WORDS: Readonly<Record<Language, Words>> = { "en": en, "zh-CN": zhCn };

/** The server does not know the reader's time zone; the browser shows the reader's own. */
const TIME_ZONE = "UTC";

// To create the formats takes longer than to render the page.
const FORMATS = { "en": createAllFormats(en), "zh-CN": createAllFormats(zhCn) };

/** Returns what the page of a view is rendered with. */
export function createContext({ language, frozenFeed = false }: PageView): RenderContext {
  return { words: WORDS[language], ...FORMATS[language], frozenFeed };
}

function createAllFormats({ locale }: Words) {
  return {
    formats: createFormats(locale, TIME_ZONE),
    recordFormats: createRecordFormats(locale, TIME_ZONE),
  };
}
