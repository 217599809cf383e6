import { type Document, DOMParser, type Element } from "@xmldom/xmldom";
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { renderAtom, type SpellRecord } from "../../src/track_record/atom.ts";

const TIME_LIMIT = { timeout: 60_000 };
const ATOM = "http://www.w3.org/2005/Atom";

const RECORD: SpellRecord = {
  feed: "live",
  from: "2021-06-07T00:00:00.000Z",
  to: "2021-07-07T12:00:00.000Z",
  spells: [
    { from: "2021-06-08T03:00:00.000Z", to: "2021-06-08T04:00:00.000Z" },
    { from: "2021-07-01T10:00:00.000Z", to: "2021-07-01T15:00:00.000Z" },
  ],
};

/** Parses a feed; throws an error where it is not well-formed. */
function parse(text: string): Document {
  const onError = (level: string, message: string) => {
    throw new Error(`The feed must be well-formed XML, has ${level}: ${message}`);
  };
  return new DOMParser({ onError }).parseFromString(text, "application/xml");
}

function childrenOf(parent: Element | null, name: string): Element[] {
  return [...parent?.childNodes ?? []].filter((node): node is Element =>
    "tagName" in node && node.localName === name && node.namespaceURI === ATOM
  );
}

function textOf(parent: Element | null, name: string): string {
  const [child, ...others] = childrenOf(parent, name);
  assertEquals(others.length, 0);
  return child?.textContent ?? "";
}

function entriesOf(text: string): Element[] {
  return childrenOf(parse(text).documentElement, "entry");
}

function idsOf(record: SpellRecord, publicUrl?: string): string[] {
  return entriesOf(renderAtom(record, { publicUrl })).map((entry) => textOf(entry, "id"));
}

Deno.test("renderAtom() renders one open spell so", TIME_LIMIT, () => {
  const spells = [{ from: "2021-07-01T10:00:00.000Z", to: RECORD.to }];
  const text = renderAtom({ ...RECORD, spells }, { publicUrl: "https://lit.example" });
  const id = "tag:lit.example,2026:is-bitcoin-lit:live";
  const page = '<link rel="alternate" type="text/html" href="https://lit.example/"/>';
  assertEquals(text.trimEnd().split("\n"), [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `<id>${id}</id>`,
    "<title>Is Bitcoin Lit (live)</title>",
    "<updated>2021-07-01T11:15:00.000Z</updated>",
    "<author><name>Is Bitcoin Lit</name></author>",
    '<link rel="self" type="application/atom+xml" href="https://lit.example/feed.atom"/>',
    page,
    "<entry>",
    `<id>${id}:start:2021-07-01T10:00:00.000Z</id>`,
    "<title>Bitcoin is lit</title>",
    "<published>2021-07-01T11:15:00.000Z</published>",
    "<updated>2021-07-01T11:15:00.000Z</updated>",
    page,
    '<content type="text">Price and sentiment rise. A spell began at 2021-07-01 10:00 UTC.</content>',
    "</entry>",
    "</feed>",
  ]);
});

Deno.test("renderAtom() has every element that RFC 4287 requires", TIME_LIMIT, () => {
  const { documentElement: feed } = parse(renderAtom(RECORD));
  assertEquals(feed?.namespaceURI, ATOM);
  for (const element of [feed, ...childrenOf(feed, "entry")]) {
    // RFC 4151: tag:authority,date:specific.
    assertMatch(textOf(element, "id"), /^tag:[a-z\d.-]+\.[a-z\d]+,\d{4}:[\w:.-]+$/);
    assert(textOf(element, "title").length > 0);
    const updated = textOf(element, "updated");
    assertEquals(new Date(updated).toISOString(), updated);
    // An entry without a link must have content.
    if (element !== feed) assert(textOf(element, "content").length > 0);
  }
  assertEquals(childrenOf(feed, "author").map((author) => textOf(author, "name")), [
    "Is Bitcoin Lit",
  ]);
});

Deno.test("renderAtom() has an entry per start and end, newest first", TIME_LIMIT, () => {
  const entries = entriesOf(renderAtom(RECORD));
  assertEquals(entries.map((entry) => [textOf(entry, "updated"), textOf(entry, "title")]), [
    ["2021-07-01T16:15:00.000Z", "Bitcoin's lit spell is over"],
    ["2021-07-01T11:15:00.000Z", "Bitcoin is lit"],
    ["2021-06-08T05:15:00.000Z", "Bitcoin's lit spell is over"],
    ["2021-06-08T04:15:00.000Z", "Bitcoin is lit"],
  ]);
  assertEquals(entries.map((entry) => textOf(entry, "content")).slice(0, 3), [
    "The spell ended at 2021-07-01 15:00 UTC, after 5 hours.",
    "Price and sentiment rise. A spell began at 2021-07-01 10:00 UTC.",
    "The spell ended at 2021-06-08 04:00 UTC, after 1 hour.",
  ]);
});

Deno.test("renderAtom() was updated when its newest entry was", TIME_LIMIT, () => {
  const { documentElement } = parse(renderAtom(RECORD));
  assertEquals(textOf(documentElement, "updated"), "2021-07-01T16:15:00.000Z");
});

Deno.test("renderAtom() without spells has no entries", TIME_LIMIT, () => {
  const { documentElement } = parse(renderAtom({ ...RECORD, spells: [] }));
  assertEquals(childrenOf(documentElement, "entry").length, 0);
  assertEquals(textOf(documentElement, "updated"), RECORD.to);
});

Deno.test("renderAtom() has no entry for the end of an open spell", TIME_LIMIT, () => {
  const open = { from: "2021-07-07T10:00:00.000Z", to: RECORD.to };
  assertEquals(idsOf({ ...RECORD, spells: [open] }), [
    "tag:is-bitcoin-lit.localhost,2026:is-bitcoin-lit:live:start:2021-07-07T10:00:00.000Z",
  ]);
});

Deno.test(
  "renderAtom() has no entry for a start that may lie before the period",
  TIME_LIMIT,
  () => {
    const cutOff = { from: RECORD.from, to: "2021-06-07T05:00:00.000Z" };
    assertEquals(idsOf({ ...RECORD, spells: [cutOff] }), [
      "tag:is-bitcoin-lit.localhost,2026:is-bitcoin-lit:live:end:2021-06-07T05:00:00.000Z",
    ]);
  },
);

Deno.test(
  "renderAtom() begins with an entry that says that the data has stopped",
  TIME_LIMIT,
  () => {
    const asOf = Date.parse("2021-07-07T12:40:00Z");
    const text = renderAtom(RECORD, { stopped: { since: asOf + 900_000, asOf } });
    const [newest, ...others] = entriesOf(text);
    assertEquals(["updated", "title", "content"].map((name) => textOf(newest ?? null, name)), [
      "2021-07-07T12:55:00.000Z",
      "Can't say whether Bitcoin is lit",
      "The data has stopped: the newest is from 2021-07-07 12:40 UTC.",
    ]);
    assertEquals(others.map((entry) => textOf(entry, "id")), idsOf(RECORD));
  },
);

Deno.test("renderAtom() without a public URL has no links", TIME_LIMIT, () => {
  assertEquals(renderAtom(RECORD).includes("<link"), false);
});

Deno.test("renderAtom() keeps ids while the period moves on", TIME_LIMIT, () => {
  const open = { from: "2021-07-07T10:00:00.000Z", to: RECORD.to };
  const before = idsOf({ ...RECORD, spells: [...RECORD.spells, open] });
  const after = idsOf({
    ...RECORD,
    from: "2021-06-07T01:00:00.000Z",
    to: "2021-07-07T13:00:00.000Z",
    spells: [...RECORD.spells, open],
  });
  assertEquals(after.slice(1), before);
  assertEquals(new Set(after).size, after.length);
});

Deno.test("renderAtom() has other ids for another feed", TIME_LIMIT, () => {
  const [id] = idsOf(RECORD);
  assertNotEquals(idsOf({ ...RECORD, feed: "senticrypt" })[0], id);
});

Deno.test("renderAtom() has the newest 50 entries", TIME_LIMIT, () => {
  const spells = Array.from({ length: 40 }, (_, i) => {
    const from = Date.parse(RECORD.from) + (1 + 3 * i) * 3_600_000;
    return { from: new Date(from).toISOString(), to: new Date(from + 3_600_000).toISOString() };
  });
  const ids = idsOf({ ...RECORD, spells });
  assertEquals(ids.length, 50);
  assert(ids[0]?.endsWith(`:end:${spells.at(-1)?.to}`));
});

Deno.test.each([
  {
    publicUrl: "https://lit.example",
    self: "https://lit.example/feed.atom",
    page: "https://lit.example/",
    authority: "lit.example",
  },
  {
    publicUrl: "https://example.org:8443/lit/",
    self: "https://example.org:8443/lit/feed.atom",
    page: "https://example.org:8443/lit/",
    authority: "example.org",
  },
  {
    publicUrl: "http://[::1]:8000",
    self: "http://[::1]:8000/feed.atom",
    page: "http://[::1]:8000/",
    authority: "is-bitcoin-lit.localhost",
  },
])("renderAtom() with the public URL $publicUrl links to $self", TIME_LIMIT, (
  { publicUrl, self, page, authority },
) => {
  const { documentElement: feed } = parse(renderAtom(RECORD, { publicUrl }));
  const links = childrenOf(feed, "link").map((link) => link.getAttribute("href"));
  assertEquals(links, [self, page]);
  assert(textOf(feed, "id").startsWith(`tag:${authority},2026:`));
});

Deno.test("renderAtom() escapes what XML reserves", TIME_LIMIT, () => {
  const feed = `<&">'`;
  const { documentElement } = parse(
    renderAtom({ ...RECORD, feed }, { publicUrl: 'https://lit.example/a&b"<c>' }),
  );
  assertEquals(textOf(documentElement, "title"), `Is Bitcoin Lit (${feed})`);
  const [link] = childrenOf(documentElement, "link");
  assertEquals(link?.getAttribute("href"), "https://lit.example/a&b%22%3Cc%3E/feed.atom");
});
