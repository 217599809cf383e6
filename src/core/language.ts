/** The languages of the page, the default first, as BCP 47 tags. */
export const LANGUAGES = ["en", "zh-CN"] as const;

/** A language of the page. */
export type Language = typeof LANGUAGES[number];

/** A text in every language of the page. */
export type Translations = Readonly<Record<Language, string>>;
