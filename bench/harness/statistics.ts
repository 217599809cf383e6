/** Returns the middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? NaN)) / 2 : upper;
}

/** Divides round by round, so that what slowed down both in one round cancels out. */
export function ratios(values: readonly number[], peers: readonly number[]): number[] {
  return values.map((value, i) => value / (peers[i] ?? NaN));
}
