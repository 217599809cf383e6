import { type Language, LANGUAGES } from "../feeds/feed.ts";

const DEFAULT_LANGUAGE: Language = "en";

/** Longer headers are cut: no reader has so many languages, and the time stays bounded. */
const MAX_HEADER_CHARACTERS = 1_000;

/** Chinese of any kind is closer to a Chinese page than to an English one. */
const LANGUAGES_BY_PRIMARY_TAG = new Map<string, Language>([["en", "en"], ["zh", "zh-CN"]]);

/**
 * Chooses the language of the page.
 *
 * @param acceptLanguage the header `Accept-Language`; what is not a language range is left out
 * @param lang the query parameter `lang`, in any case, which wins if it names a language of the page
 */
export function chooseLanguage(acceptLanguage: string | null, lang: string | null): Language {
  const asked = LANGUAGES.find((language) => language.toLowerCase() === lang?.toLowerCase());
  if (asked !== undefined) return asked;
  const header = (acceptLanguage ?? "").slice(0, MAX_HEADER_CHARACTERS);
  let [best, bestQuality]: [Language, number] = [DEFAULT_LANGUAGE, 0];
  for (const range of header.split(",")) {
    const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const language = LANGUAGES_BY_PRIMARY_TAG.get(tag.split("-")[0] ?? "");
    const quality = parseQuality(parameters);
    if (language !== undefined && quality > bestQuality) [best, bestQuality] = [language, quality];
  }
  return best;
}

/** Parses the weight `q` of a language range: 1 if there is none, 0 if it is not a number of 0…1. */
function parseQuality(parameters: readonly string[]): number {
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  if (weight === undefined) return 1;
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight.slice(2)) : 0;
}
