/** How far the blocks of one run lie from the blocks of another. */
import { autocorrelationFactor, MIN_BLOCKS } from '../intervals.js';
import { shiftCoverage, shiftRank } from './rank-sum.js';

/** In the unit of the values it was made from. */
export interface Shift {
  readonly low: number;
  readonly high: number;
  /** Exact coverage of the rank-sum interval, 0 to 1. It speaks of the blocks: what lies between the runs has no probability. */
  readonly level: number;
  /** The factor by which both half-widths were widened because neighbouring blocks of a run resemble each other; 1: not at all. */
  readonly widening: number;
}

/** The median of all mn differences b − a: the two-sample estimate of Hodges and Lehmann 1963, Annals of Mathematical Statistics 34, 598. NaN without values. */
export function shiftEstimate(a: readonly number[], b: readonly number[]): number {
  return median(allDifferences(a, b));
}

/**
 * The interval around that estimate: exact Mann-Whitney (Wilcoxon rank sum), unpaired, because block i of one run has nothing in common with block i of another.
 * Widened for autocorrelation by the factor of each run, weighted by what the run adds to the variance of the estimate. Null below 6 blocks in either run.
 * @param level asked coverage, 0 to 1
 */
export function shiftOf(a: readonly number[], b: readonly number[], level: number): Shift | null {
  if (Math.min(a.length, b.length) < MIN_BLOCKS) return null;
  const differences = allDifferences(a, b);
  const centre = median(differences);
  const k = shiftRank(a.length, b.length, level) ?? 1;
  const widening = wideningOf(a, b);
  const low = differences[k - 1] ?? centre;
  const high = differences[differences.length - k] ?? centre;
  return { low: centre - widening * (centre - low), high: centre + widening * (high - centre), level: shiftCoverage(a.length, b.length, k), widening };
}

/** How far the level of a run moved while it ran: the shift from its first half to its second, without sign. */
export function wanderOf(values: readonly number[]): number {
  const half = values.length >> 1;
  return half === 0 ? 0 : Math.abs(shiftEstimate(values.slice(0, half), values.slice(values.length - half)));
}

function wideningOf(...runs: readonly (readonly number[])[]): number {
  const shares = runs.map((values) => ({ variance: varianceOf(values) / values.length, factor: autocorrelationFactor(values) }));
  const all = shares.reduce((sum, { variance }) => sum + variance, 0);
  return all === 0 ? 1 : Math.sqrt(shares.reduce((sum, { variance, factor }) => sum + variance * factor ** 2, 0) / all);
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

function allDifferences(a: readonly number[], b: readonly number[]): Float64Array {
  return Float64Array.from(b.flatMap((late) => a.map((early) => late - early))).sort();
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
