/** The exact null distribution of Wilcoxon's signed-rank statistic, for intervals over few blocks. */

/**
 * The rank k such that [W₍k₎, W₍M+1−k₎], the k-th smallest and k-th largest of the M = n(n+1)/2 Walsh averages, covers the centre
 * of a symmetric distribution with at least the asked probability; null when n values cannot reach it.
 * Hollander, Wolfe, Chicken: Nonparametric Statistical Methods (3rd ed.), §3.3.
 * @param level 0 to 1
 */
export function confidenceRank(n: number, level: number): number | null {
  const chances = nullProbabilities(n);
  let outside = 0;
  let rank = 0;
  for (const chance of chances) {
    outside += 2 * chance;
    if (1 - outside < level) break;
    rank++;
  }
  return rank === 0 ? null : rank;
}

/** The exact probability, 0 to 1, that [W₍k₎, W₍M+1−k₎] covers the centre. */
export function coverage(n: number, k: number): number {
  return 1 - 2 * nullProbabilities(n).subarray(0, k).reduce((sum, chance) => sum + chance, 0);
}

/**
 * P(T⁺ = s) for s = 0 … n(n+1)/2, when each of the ranks 1 … n is positive with probability ½: one rank at a time, each either adds itself to the sum or not.
 * Every entry is a count over 2ⁿ and only ever halved and added, so a double holds it exactly up to n = 53 and within n·2⁻⁵² beyond.
 */
export function nullProbabilities(n: number): Float64Array {
  const chances = new Float64Array((n * (n + 1)) / 2 + 1);
  chances[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--) {
      const without = chances[sum] ?? 0;
      const withIt = sum >= rank ? (chances[sum - rank] ?? 0) : 0;
      chances[sum] = (without + withIt) / 2;
    }
  }
  return chances;
}
