import { HOUR_MS } from "../samples/bucket.ts";
import type { TrackRecord } from "./wire.ts";

const TITLE = "Is Bitcoin Lit";

/** The newest entries that a reader gets. */
const MAX_ENTRIES = 50;

/**
 * The authority of ids without `PUBLIC_URL`: a `tag:` URI needs a domain name (RFC 4151), and no one
 * else can own a name below `localhost`.
 */
const LOCAL_AUTHORITY = "is-bitcoin-lit.localhost";

/** The year in which the authorities of ids are looked up; another year would change every id. */
const TAG_DATE = "2026";

/** The slice of a track record that a feed needs. */
export type SpellRecord = Pick<TrackRecord, "feed" | "from" | "to" | "spells">;

/** How a feed links to the service. */
export interface AtomOptions {
  /** The base of absolute links, and the authority of ids. @default links are relative */
  publicUrl?: string | undefined;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly time: string;
  readonly text: string;
}

/** Renders an Atom feed (RFC 4287) with an entry per start and end of a spell, newest first. */
export function renderAtom(record: SpellRecord, { publicUrl }: AtomOptions = {}): string {
  const idBase = `tag:${authorityOf(publicUrl)},${TAG_DATE}:is-bitcoin-lit:${record.feed}`;
  const entries = listEntries(record, idBase).reverse().slice(0, MAX_ENTRIES);
  const page = escape(linkTo("./", publicUrl));
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${escape(idBase)}</id>
<title>${escape(`${TITLE} (${record.feed})`)}</title>
<updated>${entries[0]?.time ?? record.to}</updated>
<author><name>${TITLE}</name></author>
<link rel="self" type="application/atom+xml" href="${escape(linkTo("feed.atom", publicUrl))}"/>
<link rel="alternate" type="text/html" href="${page}"/>
${entries.map((entry) => renderEntry(entry, page)).join("")}</feed>
`;
}

function listEntries(record: SpellRecord, idBase: string): Entry[] {
  return record.spells.flatMap(({ from, to }) => {
    // The period moves on every hour, and with it the start of a spell that it cuts off.
    const isCutOff = from === record.from;
    const start: Entry = {
      id: `${idBase}:start:${from}`,
      title: "Bitcoin is lit",
      time: from,
      text: `Price and sentiment rise. A spell began at ${readable(from)}.`,
    };
    const end: Entry = {
      id: `${idBase}:end:${to}`,
      title: "Bitcoin's lit spell is over",
      time: to,
      text: `The spell ended at ${readable(to)}${isCutOff ? "" : `, after ${duration(from, to)}`}.`,
    };
    return [...isCutOff ? [] : [start], ...to === record.to ? [] : [end]];
  });
}

function renderEntry({ id, title, time, text }: Entry, page: string): string {
  return `<entry>
<id>${escape(id)}</id>
<title>${escape(title)}</title>
<published>${time}</published>
<updated>${time}</updated>
<link rel="alternate" type="text/html" href="${page}"/>
<content type="text">${escape(text)}</content>
</entry>
`;
}

function authorityOf(publicUrl: string | undefined): string {
  const { hostname } = publicUrl === undefined ? { hostname: "" } : new URL(publicUrl);
  // An IPv6 address is no authority of a tag: URI.
  return /^[a-z\d.-]+$/.test(hostname) ? hostname : LOCAL_AUTHORITY;
}

function linkTo(path: string, publicUrl: string | undefined): string {
  return publicUrl === undefined ? path : new URL(path, publicUrl.replace(/\/*$/, "/")).href;
}

function duration(from: string, to: string): string {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS;
  return hours === 1 ? "1 hour" : `${hours} hours`;
}

function readable(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
