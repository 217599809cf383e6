import type { Exchange, LiveSources, SourceName } from "./live_sources.ts";

const LAG_MS = 5 * 60_000;

/** Answers with an error that does not say when to come back. */
export function refuse(): Response {
  return new Response("no", { status: 500 });
}

/** Multiplies every price by 1.5: strings in two of the formats, numbers in the third. */
export function lie({ respond }: LiveSources, name: Exchange): void {
  const honest = respond[name];
  respond[name] = async (request) => {
    const text = await (await honest(request)).text();
    return new Response(text.replaceAll(/\b[56]\d{4}(\.\d+)?\b/g, (price) => `${+price * 1.5}`));
  };
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
export function lag({ respond }: LiveSources, name: Exchange, now: number): void {
  const punctual = respond[name];
  const isOld = (row: { timestamp?: string; 0?: number }) =>
    Number(row.timestamp ?? row[0]) * 1_000 < now - LAG_MS;
  respond[name] = async (request) =>
    Response.json(JSON.parse(await (await punctual(request)).text(), (_, value) => {
      const isList = Array.isArray(value) && typeof value[0] === "object";
      return isList ? value.filter(isOld) : value;
    }));
}
