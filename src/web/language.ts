import type { Language } from "../feeds/feed.ts";
import { parseWeights } from "../http/content.ts";

/** The language of the page where none is asked for. */
export const DEFAULT_LANGUAGE: Language = "en";

/** Longer headers are cut: no reader has so many languages, and the time stays bounded. */
const MAX_HEADER_CHARACTERS = 1_000;

/** Chinese of any kind is closer to a Chinese page than to an English one. */
const LANGUAGES_BY_PRIMARY_TAG = new Map<string, Language>([["en", "en"], ["zh", "zh-CN"]]);

/**
 * Chooses the language of the page.
 *
 * @param acceptLanguage the header `Accept-Language`; what is not a language range is left out
 * @param lang the query parameter `lang`, which wins if the page has that language
 */
export function chooseLanguage(acceptLanguage: string | null, lang: string | null): Language {
  const asked = findLanguage(lang ?? "");
  if (asked !== undefined) return asked;
  const header = (acceptLanguage ?? "").slice(0, MAX_HEADER_CHARACTERS);
  let [best, bestWeight]: [Language, number] = [DEFAULT_LANGUAGE, 0];
  for (const [range, weight] of parseWeights(header)) {
    const language = findLanguage(range);
    if (language !== undefined && weight > bestWeight) [best, bestWeight] = [language, weight];
  }
  return best;
}

/** Finds the language for a tag such as `zh-Hans`, `ZH` or `zh_CN`. */
function findLanguage(tag: string): Language | undefined {
  return LANGUAGES_BY_PRIMARY_TAG.get(tag.toLowerCase().split(/[-_]/)[0] ?? "");
}
