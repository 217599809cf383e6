const ROW_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// The price and the sentiment at the start of each clock hour (UTC). Both rise, fall, stay flat for
// four hours and rise again, so that every answer appears within a day.
const PRICES = [
  [60_000, 60_400, 60_900, 61_500, 62_200, 63_000, 63_500, 63_200],
  [62_600, 62_000, 61_500, 61_500, 61_500, 61_500, 61_500, 62_000],
  [62_800, 63_700, 63_900, 63_300, 62_500, 61_600, 60_800, 60_200],
].flat();
const SENTIMENTS = [
  [0.05, 0.1, 0.16, 0.22, 0.3, 0.36, 0.33, 0.27],
  [0.2, 0.14, 0.1, 0.1, 0.1, 0.1, 0.1, 0.17],
  [0.24, 0.32, 0.37, 0.3, 0.22, 0.14, 0.06, 0.01],
].flat();

/** A row of SentiCrypt v1. */
export interface SentiCryptRow {
  readonly count: number;
  readonly timestamp: number;
  readonly rate: number;
  readonly last: number;
  readonly sum: number;
  readonly mean: number;
  readonly median: number;
  readonly btc_price: string;
}

/** A simulated SentiCrypt endpoint that listens. */
export interface SimulatedSentiCrypt extends AsyncDisposable {
  readonly url: string;
}

/** Serves the simulated rows of the last 24 hours on a free port of the loopback interface. */
export function serveSimulatedSentiCrypt(clock: () => number = Date.now): SimulatedSentiCrypt {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json(simulateRows(clock())),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1/bitcoin.json`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Simulates the rows of the 24 hours before `now` (Unix ms), oldest first; a time always has the same row. */
export function simulateRows(now: number): SentiCryptRow[] {
  const newest = Math.floor(now / ROW_MS) * ROW_MS;
  return Array.from({ length: DAY_MS / ROW_MS }, (_, i) => simulateRow(newest - i * ROW_MS))
    .reverse();
}

function simulateRow(time: number): SentiCryptRow {
  const mean = Number(levelAt(SENTIMENTS, time).toFixed(2));
  const count = 7_000 + Math.round(500 * Math.sin(time / DAY_MS));
  return {
    count,
    timestamp: time / 1_000,
    rate: 5.5,
    last: mean,
    sum: Number((mean * count).toFixed(2)),
    mean,
    median: mean,
    btc_price: levelAt(PRICES, time).toFixed(2),
  };
}

/** Interpolates between the levels of two hours, with a ripple; between equal levels it stays flat. */
function levelAt(levels: readonly number[], time: number): number {
  const hour = Math.floor(time / HOUR_MS);
  const passed = time / HOUR_MS - hour;
  const [start = 0, end = 0] = [levels.at(hour % 24), levels.at((hour + 1) % 24)];
  const ripple = 0.15 * Math.sin(8 * Math.PI * passed);
  return start + (end - start) * (passed + ripple);
}
