import { type Average, HOUR_MS } from "../../src/samples/bucket.ts";
import type { PerMetric } from "../../src/samples/sample.ts";

const DAY_MS = 24 * HOUR_MS;

/**
 * The same numbers by another way: a table by time, every hour judged by itself, every horizon
 * walked through once. Hours are drawn as `#` lit, `.` not lit, `?` unknown.
 */
export function recompute(averages: PerMetric<Average[]>, days: number, asOf: number) {
  const at = (metric: "price" | "sentiment", time: number) =>
    time >= asOf - asOf % HOUR_MS
      ? undefined
      : averages[metric].find((row) => row.time === time)?.value;
  const to = asOf - asOf % HOUR_MS;
  const from = to - days * DAY_MS;
  const sign = (time: number): string => {
    const full = [2, 1, 0].map((ago) => time - ago * HOUR_MS).filter((hour) =>
      at("price", hour) !== undefined && at("sentiment", hour) !== undefined
    );
    if (full.length < 2 || full.at(-1) !== time) return "?";
    const up = (metric: "price" | "sentiment") =>
      Number(at(metric, time)) > Number(at(metric, full[0] ?? 0));
    return up("price") && up("sentiment") ? "#" : ".";
  };
  const times: number[] = [];
  for (let time = from; time < to; time += HOUR_MS) times.push(time);
  const drawn = sign(from - HOUR_MS) + times.map(sign).join("");
  const starts = [...drawn.matchAll(/(?<=\.)#/g)].map(({ index }) => from + (index - 1) * HOUR_MS);
  const horizons = [1, 3, 24].map((k) => {
    const outcome = (time: number): [number, number][] => {
      const [before, after] = [
        at("price", time + 2 * HOUR_MS),
        at("price", time + (2 + k) * HOUR_MS),
      ];
      return before === undefined || after === undefined ? [] : [[before, after]];
    };
    let free = -Infinity;
    const spells: [number, number][] = [];
    for (const time of starts) {
      if (time < free || outcome(time).length === 0) continue;
      spells.push(...outcome(time));
      free = time + (k + 1) * HOUR_MS;
    }
    const base = times.filter((_, i) => drawn[i + 1] !== "?").flatMap(outcome);
    return { k, spells, base };
  });
  return { drawn: drawn.slice(1), horizons };
}

/** The median relative change of pairs of prices. */
export function findMedianChange(pairs: readonly [number, number][]): number {
  const changes = pairs.map(([before, after]) => after / before - 1).sort((a, b) => a - b);
  const half = changes.length >> 1;
  const [low = NaN, high = NaN] = changes.slice(half - 1 + changes.length % 2);
  return changes.length % 2 === 1 ? low : (low + high) / 2;
}

/** Wilson's interval as the roots of its quadratic equation. */
export function findRoots(higher: number, n: number): [number, number] {
  const z2 = 1.959963984540054 ** 2;
  const [a, b, c] = [n + z2, -(2 * higher + z2), higher ** 2 / n];
  const root = Math.sqrt(b ** 2 - 4 * a * c);
  return [(-b - root) / (2 * a), (-b + root) / (2 * a)];
}
