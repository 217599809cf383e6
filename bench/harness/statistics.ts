/** The middle one of some values; between two middle ones, their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? NaN)) / 2 : upper;
}

/** Divides round by round: what the machine did to both in one round cancels out. */
export function ratios(values: readonly number[], peers: readonly number[]): number[] {
  return values.map((value, i) => value / (peers[i] ?? NaN));
}
