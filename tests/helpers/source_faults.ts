import { type Exchange, type LiveSources, type SourceName, trendAt } from "./live_sources.ts";

const LAG_MS = 5 * 60_000;

/** Answers with an error that does not say when to come back. */
export function refuse(): Response {
  return new Response("no", { status: 500 });
}

/** Multiplies every price by 1.5: strings in two of the formats, numbers in the third. */
export function lie({ respond }: LiveSources, name: Exchange): void {
  const honest = respond[name];
  respond[name] = async (request) => new Response(raise(await (await honest(request)).text()));
}

/** Multiplies the prices of candles before `time` (Unix ms) by 1.5. */
export function lieBefore(sources: LiveSources, name: Exchange, time: number): void {
  changeRows(
    sources,
    name,
    (rows) => rows.map((row) => timeOf(row) < time ? JSON.parse(raise(JSON.stringify(row))) : row),
  );
}

/** Repeats its next answers, one per query, for ever. */
export function freeze({ respond }: LiveSources, name: SourceName): void {
  const frozen = new Map<string, string>();
  const live = respond[name];
  respond[name] = async (request) => {
    const { search } = new URL(request.url);
    const text = frozen.get(search) ?? await (await live(request)).text();
    frozen.set(search, text);
    return new Response(text);
  };
}

/** Leaves out the candles of the five minutes before `now`, in Unix milliseconds. */
export function lag(sources: LiveSources, name: Exchange, now: number): void {
  changeRows(sources, name, (rows) => rows.filter((row) => timeOf(row) < now - LAG_MS));
}

/** Repeats the last price before `time` (Unix ms), 1.8 % lower, without trades. */
export function halt(sources: LiveSources, name: Exchange, time: number): void {
  const price = `${0.982 * trendAt(time)}`;
  changeRows(sources, name, (rows) =>
    rows.map((row) => {
      if (timeOf(row) < time) return row;
      if (!Array.isArray(row)) {
        return { ...row, open: price, high: price, low: price, close: price, volume: "0.00000000" };
      }
      return [row[0], price, price, price, price, ...name === "kraken" ? ["0", "0", 0] : [0]];
    }));
}

/** A candle in any exchange's format. */
interface Row {
  readonly timestamp?: string;
  readonly 0?: number;
}

/** Changes the candles that an exchange answers with. */
export function changeRows(
  { respond }: LiveSources,
  name: Exchange,
  change: (rows: Row[]) => unknown[],
) {
  const original = respond[name];
  respond[name] = async (request) =>
    Response.json(JSON.parse(await (await original(request)).text(), (_, value) => {
      const isList = Array.isArray(value) && typeof value[0] === "object";
      return isList ? change(value) : value;
    }));
}

function timeOf(row: Row): number {
  return Number(row.timestamp ?? row[0]) * 1_000;
}

function raise(text: string): string {
  return text.replaceAll(/\b[56]\d{4}(\.\d+)?\b/g, (price) => `${+price * 1.5}`);
}
