/** What is left of a difference or a trend when chance has had its share. */

/** So many of so many. */
interface Hits {
  readonly hits: number;
  readonly of: number;
}

/** The difference of two shares, less twice its standard error (two-sample binomial); at least 0. */
export function beyondChance(a: Hits, b: Hits): number {
  const pooled = (a.hits + b.hits) / (a.of + b.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  return Math.max(0, Math.abs(a.hits / a.of - b.hits / b.of) - 2 * error);
}

/** The part of an interval's value that is certain: its end nearest to 0, or 0 when it reaches across. */
export function certainPart({ low, high }: { readonly low: number; readonly high: number }): number {
  return low > 0 ? low : high < 0 ? -high : 0;
}

/**
 * Mann-Kendall test for a trend in a series: the two-sided p value by the normal approximation with continuity and tie corrections.
 * Mann 1945, Econometrica 13, 245; Kendall 1975, Rank Correlation Methods. 1 with fewer than 4 values.
 */
export function trendProbability(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) return 1;
  let s = 0;
  values.forEach((a, i) => {
    for (const b of values.slice(i + 1)) s += Math.sign(b - a);
  });
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const spread = (m: number): number => m * (m - 1) * (2 * m + 5);
  const variance = (spread(n) - [...ties.values()].reduce((sum, tied) => sum + spread(tied), 0)) / 18;
  if (variance <= 0) return 1;
  return 2 * upperTail(Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance));
}

/** Sen's slope: the median of the slopes between all pairs, in units of `values` per unit of `at`. Sen 1968, JASA 63, 1379. */
export function senSlope(at: readonly number[], values: readonly number[]): number {
  const slopes = values.flatMap((a, i) => values.slice(i + 1).map((b, k) => (b - a) / ((at[i + 1 + k] ?? NaN) - (at[i] ?? NaN)))).filter(Number.isFinite).sort((a, b) => a - b);
  if (slopes.length === 0) return 0;
  const middle = slopes.length >> 1;
  return slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2;
}

/** P(Z > z) of the standard normal for z ≥ 0: the complementary error function of Numerical Recipes (2nd ed., §6.2), relative error below 1.2·10⁻⁷. */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  return (t * Math.exp(-x * x + series.reduceRight((sum, c) => sum * t + c, 0))) / 2;
}
