/** The exact null distribution of the Mann-Whitney statistic U (Wilcoxon's rank sum), for intervals over the blocks of two runs. */

/**
 * The rank k such that [D₍k₎, D₍mn+1−k₎], the k-th smallest and k-th largest of the mn differences between two samples, covers the shift between two
 * distributions of one shape with at least the asked probability; null when m and n values cannot reach it.
 * Hollander, Wolfe, Chicken: Nonparametric Statistical Methods (3rd ed.), §4.3. R's `wilcox.test(conf.int = TRUE)` takes the same rank.
 * @param level 0 to 1
 */
export function shiftRank(m: number, n: number, level: number): number | null {
  let outside = 0;
  let rank = 0;
  for (const chance of rankSumProbabilities(m, n)) {
    outside += 2 * chance;
    if (1 - outside < level - ROUNDING) break;
    rank++;
  }
  return rank === 0 ? null : rank;
}

/** The exact probability, 0 to 1, that [D₍k₎, D₍mn+1−k₎] covers the shift. */
export function shiftCoverage(m: number, n: number, k: number): number {
  return 1 - 2 * rankSumProbabilities(m, n).subarray(0, k).reduce((sum, chance) => sum + chance, 0);
}

/**
 * P(U = u) for u = 0 … mn, when every order of m + n values is as likely: the largest value belongs to the first sample with probability m/(m+n), and then
 * stands above all n of the second. Mann and Whitney 1947, Annals of Mathematical Statistics 18, 50. Only sums of positive terms: no cancellation.
 */
export function rankSumProbabilities(m: number, n: number): Float64Array {
  // one row of the recurrence at a time: chances[j] is the distribution of i against j values
  let chances = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const [fewer, shorter] = [chances[j] ?? NOTHING, next[j - 1] ?? NOTHING];
      next.push(Float64Array.from({ length: i * j + 1 }, (_, u) => (i * (fewer[u - j] ?? 0) + j * (shorter[u] ?? 0)) / (i + j)));
    }
    chances = next;
  }
  return chances[n] ?? NOTHING;
}

const NOTHING = new Float64Array();
/** Probabilities are sums of doubles: 1 − α asked for exactly must not fail by the last digit. */
const ROUNDING = 1e-12;
