/** The ends of a confidence interval of a share, both in 0…1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution: 95 % lie between −Z and Z. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % interval for a share, which holds for few trials and for shares of 0 and 1 too
 * (Brown, Cai & DasGupta, Statistical Science 16(2), 2001).
 *
 * @param successes 0…`trials`
 * @param trials at least 1
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  // The upper end mirrors the lower one, so that rounding never moves it away from 1.
  return {
    low: lowerEnd(successes, trials),
    high: 1 - lowerEnd(trials - successes, trials),
  };
}

function lowerEnd(successes: number, trials: number): number {
  const share = successes / trials;
  const weight = Z ** 2 / trials;
  const center = share + weight / 2;
  const half = Math.sqrt(weight * (share * (1 - share) + weight / 4));
  return (center - half) / (1 + weight);
}
