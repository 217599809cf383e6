import { HOUR_MS } from "../samples/bucket.ts";
import { SETTLE_MS } from "./track_record.ts";
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

/** What a feed needs beside the record. */
export interface AtomOptions {
  /**
   * The base of links, and the authority of ids. Without it there are no links: readers resolve a
   * relative one to nothing, and an entry that has content needs none.
   */
  publicUrl?: string | undefined;
  /** Since when the data is stale, and its `as_of`, both in Unix ms. @default it is not */
  stopped?: { readonly since: number; readonly asOf: number } | undefined;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly time: string;
  readonly text: string;
}

/**
 * Renders an Atom feed (RFC 4287) with an entry per start and end of a spell, newest first, before them
 * one that says that the data has stopped. Each is dated when it could be known.
 */
export function renderAtom(record: SpellRecord, { publicUrl, stopped }: AtomOptions = {}): string {
  const idBase = `tag:${authorityOf(publicUrl)},${TAG_DATE}:is-bitcoin-lit:${record.feed}`;
  const ends = stopped === undefined ? [] : [describeStop(stopped, idBase)];
  const entries = [...listEntries(record, idBase), ...ends].reverse().slice(0, MAX_ENTRIES);
  const pageLink = renderLink("alternate", "text/html", "./", publicUrl);
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>${escape(idBase)}</id>
<title>${escape(`${TITLE} (${record.feed})`)}</title>
<updated>${entries[0]?.time ?? record.to}</updated>
<author><name>${TITLE}</name></author>
${renderLink("self", "application/atom+xml", "feed.atom", publicUrl)}${pageLink}${
    entries.map((entry) => renderEntry(entry, pageLink)).join("")
  }</feed>
`;
}

function listEntries(record: SpellRecord, idBase: string): Entry[] {
  return record.spells.flatMap(({ from, to }) => {
    // The period moves on every hour, and with it the start of a spell that it cuts off.
    const isCutOff = from === record.from;
    const start: Entry = {
      id: `${idBase}:start:${from}`,
      title: "Bitcoin is lit",
      time: knownAt(from),
      text: `Price and sentiment rise. A spell began at ${readable(from)}.`,
    };
    const end: Entry = {
      id: `${idBase}:end:${to}`,
      title: "Bitcoin's lit spell is over",
      time: knownAt(to),
      text: `The spell ended at ${readable(to)}${isCutOff ? "" : `, after ${duration(from, to)}`}.`,
    };
    return [...isCutOff ? [] : [start], ...to === record.to ? [] : [end]];
  });
}

/** An hour's state can be known once the hour has ended and its last samples have arrived. */
function knownAt(hour: string): string {
  return new Date(Date.parse(hour) + HOUR_MS + SETTLE_MS).toISOString();
}

function describeStop(
  { since, asOf }: NonNullable<AtomOptions["stopped"]>,
  idBase: string,
): Entry {
  const newest = new Date(asOf).toISOString();
  return {
    id: `${idBase}:stop:${newest}`,
    title: "Can't say whether Bitcoin is lit",
    time: new Date(since).toISOString(),
    text: `The data has stopped: the newest is from ${readable(newest)}.`,
  };
}

function renderEntry({ id, title, time, text }: Entry, pageLink: string): string {
  return `<entry>
<id>${escape(id)}</id>
<title>${escape(title)}</title>
<published>${time}</published>
<updated>${time}</updated>
${pageLink}<content type="text">${escape(text)}</content>
</entry>
`;
}

function authorityOf(publicUrl: string | undefined): string {
  const { hostname } = publicUrl === undefined ? { hostname: "" } : new URL(publicUrl);
  // An IPv6 address is no authority of a tag: URI.
  return /^[a-z\d.-]+$/.test(hostname) ? hostname : LOCAL_AUTHORITY;
}

function renderLink(
  relation: string,
  type: string,
  path: string,
  publicUrl: string | undefined,
): string {
  if (publicUrl === undefined) return "";
  const { href } = new URL(path, publicUrl.replace(/\/*$/, "/"));
  return `<link rel="${relation}" type="${type}" href="${escape(href)}"/>\n`;
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
