import { assertEquals, assertRejects } from "@std/assert";
import { createBitstamp } from "../../src/feeds/bitstamp.ts";
import { createBybit } from "../../src/feeds/bybit.ts";
import { MINUTES } from "../../src/feeds/candles.ts";
import { createCoinbase } from "../../src/feeds/coinbase.ts";
import { FeedError } from "../../src/feeds/errors.ts";
import type { Source } from "../../src/feeds/feed.ts";
import { createKraken } from "../../src/feeds/kraken.ts";
import { createOkx } from "../../src/feeds/okx.ts";
import type { RequestOptions } from "../../src/feeds/request.ts";
import { createSentiCrypt } from "../../src/feeds/senticrypt.ts";
import { feedOptions, onlySource } from "../helpers/feeds.ts";
import { serveLocally } from "../helpers/local_server.ts";
import { recordWaits } from "../helpers/waits.ts";

const TIME_LIMIT = { timeout: 10_000 };

type Create = (url: string, options: RequestOptions) => Source;

Deno.test.each<{ name: string; create: Create; limits: number[]; maxRows: number }>([
  {
    name: "SentiCrypt",
    create: (url, options) =>
      onlySource(createSentiCrypt(feedOptions({ sentimentApiUrl: url, ...options }))),
    limits: [10_000],
    maxRows: 50_000,
  },
  {
    name: "Kraken",
    create: (url, options) => createKraken({ url, period: MINUTES }, options),
    limits: [5_000],
    maxRows: 2_000,
  },
  {
    name: "Coinbase",
    create: (url, options) => createCoinbase({ url, period: MINUTES }, options),
    limits: [5_000],
    maxRows: 2_000,
  },
  {
    name: "Bitstamp",
    create: (url, options) => createBitstamp({ url, period: MINUTES }, options),
    limits: [5_000],
    maxRows: 2_000,
  },
  {
    name: "OKX",
    create: (url, options) => createOkx({ urls: [url, url], period: "5m" }, options),
    limits: [5_000, 5_000],
    maxRows: 2_000,
  },
  {
    name: "Bybit",
    create: (url, options) => createBybit([url, url], options),
    limits: [2_500, 2_500],
    maxRows: 2_000,
  },
])("$name is given $limits ms per address, and $maxRows rows", TIME_LIMIT, async (row) => {
  const body = `[${"{},".repeat(2 * row.maxRows)}{}]`;
  await using server = serveLocally(() => new Response(body));
  const source = row.create(server.url, { now: Date.now });
  using waits = recordWaits();
  const fetching = source.fetchSamples(new AbortController().signal);
  const { message } = await assertRejects(() => fetching, FeedError);
  assertEquals(waits.timers, row.limits);
  assertEquals(/more than (.*)$/.exec(message)?.[1], `${2 * row.maxRows} objects and arrays`);
});
