import type { Language } from "../core/language.ts";

/** Returns the URL of a path: absolute if the service knows its public URL. */
export function urlOf(path: string, publicUrl: string | undefined): string {
  return publicUrl === undefined ? path : publicUrl.replace(/\/$/, "") + path;
}

/** Returns the path of the page in a language. */
export function pathIn(language: Language): string {
  return `/?lang=${language}`;
}
