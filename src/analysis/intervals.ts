/** How far apart two arms are, from the differences of their blocks: an estimate that outlier blocks do not pull, and an exact interval around it. */
import { confidenceRank, coverage } from './signed-rank.js';

/** Fewer blocks cannot carry a 95 % interval: the widest that 5 allow covers 93.8 %. */
export const MIN_BLOCKS = 6;

/** In the unit of the values it was made from. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Exact coverage of the signed-rank interval, 0 to 1; usually a little above what was asked. */
  readonly level: number;
  /** The factor by which both half-widths were widened because neighbouring blocks resemble each other; 1: not at all. */
  readonly widening: number;
}

/**
 * The interval around the Hodges-Lehmann estimate of the block differences: exact Wilcoxon signed-rank, widened for autocorrelation; null below 6 blocks.
 *
 * Few blocks cannot reach every level: 6 blocks end at 96.9 %. Asked for more, they give the widest interval they have (the range of the differences) and
 * say its true level, so that a short run still answers, and honestly. `level` of the outcome is always the true one, never the asked one.
 * @param level asked coverage, 0 to 1
 */
export function intervalOf(differences: readonly number[], level: number): Interval | null {
  const n = differences.length;
  if (n < MIN_BLOCKS) return null;
  const averages = walshAverages(differences);
  const k = confidenceRank(n, level) ?? 1;
  const centre = median(averages);
  const widening = autocorrelationFactor(differences);
  const low = averages[k - 1] ?? centre;
  const high = averages[averages.length - k] ?? centre;
  return { low: centre - widening * (centre - low), high: centre + widening * (high - centre), level: coverage(n, k), widening };
}

/** The median of the Walsh averages: the pseudo-median of the values (Hodges and Lehmann 1963); NaN without values. */
export function hodgesLehmann(values: readonly number[]): number {
  return median(walshAverages(values));
}

/** All n(n+1)/2 averages of two values, each value with itself too, sorted. */
export function walshAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let next = 0;
  values.forEach((a, i) => {
    for (const b of values.slice(i)) averages[next++] = (a + b) / 2;
  });
  return averages.sort();
}

/**
 * √((1 + r)/(1 − r)) with r the lag-1 autocorrelation of the block differences, corrected for its bias in short series
 * (r₁ is low by about (1 + 4r)/B: Marriott and Pope 1954, Biometrika 41, 390) and held to [0, 0.8].
 * Correcting always beats testing first: with so few blocks a test finds nothing.
 * @returns 1 (no widening) to 3
 */
export function autocorrelationFactor(differences: readonly number[]): number {
  const blocks = differences.length;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / blocks;
  const deviations = differences.map((difference) => difference - mean);
  const spread = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0);
  if (blocks <= 4 || spread === 0) return 1;
  const lagged = deviations.slice(1).reduce((sum, deviation, i) => sum + deviation * (deviations[i] ?? 0), 0);
  const r = Math.min(0.8, Math.max(0, (blocks * (lagged / spread) + 1) / (blocks - 4)));
  return Math.sqrt((1 + r) / (1 - r));
}

/** What the candidate saves in percent of the baseline: positive when the candidate is faster. */
export interface RelativeEffect {
  readonly estimate: number;
  readonly interval: Interval | null;
}

/**
 * The saving as a share of the baseline: 100·Δ/HL(baseline), with the interval of the differences of logarithms, turned back into percent.
 * @param baseline block values of the baseline, each above 0
 * @param candidate block values of the candidate, in the same order, each above 0
 */
export function relativeEffect(baseline: readonly number[], candidate: readonly number[], level: number): RelativeEffect {
  const differences = baseline.map((value, block) => value - (candidate[block] ?? NaN));
  const ratios = baseline.map((value, block) => Math.log(value) - Math.log(candidate[block] ?? NaN));
  const interval = intervalOf(ratios, level);
  const percent = (log: number): number => -100 * Math.expm1(-log);
  return {
    estimate: (100 * hodgesLehmann(differences)) / hodgesLehmann(baseline),
    interval: interval && { ...interval, low: percent(interval.low), high: percent(interval.high) },
  };
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
