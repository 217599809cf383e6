import type { Formats } from "./browser/format.js";
import type { RecordFormats } from "./browser/record_format.js";
import type { Words } from "./words.ts";

/** What every part of the page is rendered with, beside its content. */
export interface RenderContext {
  readonly words: Words;
  readonly formats: Formats;
  readonly recordFormats: RecordFormats;
  /** Whether the feed's address serves data that its makers no longer update. */
  readonly frozenFeed: boolean;
}
