/** Baseline minus candidate, quantile by quantile: positive when the candidate is faster. */
import type { Declared } from '../result/declared-schema.js';
import type { Comparison, Relative } from '../result/schema.js';
import { formatCount, formatMs, nsToMs } from '../units.js';
import { BEYOND_TO_ESTIMATE, blockQuantiles, measured, missingPerBlock, type Block, type Measured } from './blocks.js';
import { hodgesLehmann, intervalOf, MIN_BLOCKS, relativeEffect, type Interval } from './intervals.js';

/** What the verdict rests on where a run declares nothing else. */
export const PRIMARY_QUANTILES: readonly number[] = [0.5, 0.99];
export const USUAL: Declared = { quantiles: [...PRIMARY_QUANTILES], marginMs: null };
/** Compared in every run; those that were not declared explore. */
export const QUANTILES: readonly number[] = [0.5, 0.9, 0.99, 0.999];

/** The level of a primary interval: all that were declared err together in 5 % of runs at most (Bonferroni). */
export function primaryLevel(quantiles: readonly number[]): number {
  return 1 - 0.05 / quantiles.length;
}

const SMALLEST_MARGIN_MS = 0.1;
const MARGIN_SHARE = 0.02;

export type ComparisonState = Comparison['state'];

/** Every arm against the baseline, by response time at each quantile. */
export function compareArms(blocks: readonly Block[], baseline: string, arms: readonly string[], declared: Declared = USUAL): Comparison[] {
  const base = measured(blocks, baseline, 'response');
  return arms
    .filter((arm) => arm !== baseline)
    .map((arm) => measured(blocks, arm, 'response'))
    .flatMap((candidate) => QUANTILES.map((quantile) => compare(base, candidate, quantile, declared)));
}

/**
 * One comparison, in ms. Declared before the run: the quantiles whose intervals hold together at 95 % (Bonferroni: 97.5 % each of two), and the margin of
 * practical difference, else the larger of 0.1 ms and 2 % of the baseline. It takes 20 requests beyond the quantile in every
 * block of each arm to estimate, and 6 blocks for an interval and a state; those hold the 100 requests beyond the quantile, n(1 − p), that a verdict takes.
 */
export function compare(baseline: Measured, candidate: Measured, quantile: number, declared: Declared = USUAL): Comparison {
  const primary = candidate.metric === 'response' && declared.quantiles.includes(quantile);
  const about = { baseline: baseline.arm, candidate: candidate.arm, metric: candidate.metric, quantile, primary };
  const missing = missingToEstimate(baseline, candidate, quantile);
  if (missing !== '') return { ...about, estimateMs: null, ci: null, relative: null, marginMs: declared.marginMs ?? SMALLEST_MARGIN_MS, state: 'cannot-tell', detail: missing };

  const [baseMs, candidateMs] = blockQuantiles([baseline, candidate], quantile).map((values) => values.map(nsToMs)) as [number[], number[]];
  const differences = baseMs.map((value, block) => value - (candidateMs[block] ?? NaN));
  const marginMs = declared.marginMs ?? marginOf(baseMs);
  const level = primary ? primaryLevel(declared.quantiles) : 0.95;
  const interval = intervalOf(differences, level);
  const state = interval ? stateOf(interval, marginMs) : 'cannot-tell';
  return {
    ...about,
    estimateMs: hodgesLehmann(differences),
    ci: interval && { lowMs: interval.low, highMs: interval.high, level: interval.level, method: methodOf(interval) },
    relative: relativeOf(baseMs, candidateMs, level),
    marginMs,
    state,
    detail: state === 'cannot-tell' ? missingToTell(differences, interval, marginMs) : '',
  };
}

/** Below this a difference is of no practical use, in ms: 0.1 ms, or 2 % of the baseline's block values where that is more. */
export function marginOf(baseMs: readonly number[]): number {
  return baseMs.length === 0 ? SMALLEST_MARGIN_MS : Math.max(SMALLEST_MARGIN_MS, MARGIN_SHARE * hodgesLehmann(baseMs));
}

/** Where the whole interval lies, against zero and the margin. An interval that lies within the margin is of no practical use on whichever side of zero: it is surely, not perhaps, less. */
export function stateOf({ low, high }: Pick<Interval, 'low' | 'high'>, margin: number): ComparisonState {
  if (low > margin) return 'faster';
  if (high < -margin) return 'slower';
  if (low >= -margin && high <= margin) return 'same';
  if (low > 0) return 'faster-small';
  return high < 0 ? 'slower-small' : 'cannot-tell';
}

/** What two arms lack for a quantile to be estimated, or ''. */
export function missingToEstimate(baseline: Measured, candidate: Measured, quantile: number): string {
  if (Math.min(baseline.blocks.length, candidate.blocks.length) === 0) return 'no block was completed';
  const missing = missingPerBlock([baseline, candidate], quantile);
  return missing === 0 ? '' : `needs ${formatCount(missing)} more requests per arm in every block (${BEYOND_TO_ESTIMATE} beyond the quantile)`;
}

/** In percent of the baseline; null where a time of 0 (below what a histogram can tell) has no logarithm. */
function relativeOf(baseMs: readonly number[], candidateMs: readonly number[], level: number): Relative | null {
  if (![...baseMs, ...candidateMs].every((value) => value > 0)) return null;
  const { estimate, interval } = relativeEffect(baseMs, candidateMs, level);
  return { percent: estimate, lowPercent: interval?.low ?? null, highPercent: interval?.high ?? null, level: interval?.level ?? null };
}

/** How many blocks an interval takes, or one as narrow as the margin. */
function missingToTell(differences: readonly number[], interval: Interval | null, marginMs: number): string {
  if (!interval) return `needs at least ${MIN_BLOCKS} blocks, has ${differences.length}`;
  const blocks = blocksFor(differences, interval.widening, marginMs);
  if (blocks <= differences.length) return 'more blocks are needed: the interval reaches across the margin';
  return `about ${formatCount(blocks)} blocks would be needed for ± ${formatMs(marginMs)} ms`;
}

/** About how many blocks give an interval of this half-width: (2.2 s/h)², from a half-width of about 2.2 s/√B. */
export function blocksFor(differences: readonly number[], widening: number, halfWidth: number): number {
  return Math.ceil(((2.2 * standardDeviation(differences) * widening) / halfWidth) ** 2);
}

function methodOf({ widening }: Interval): string {
  return `Hodges-Lehmann, exact signed-rank${widening > 1 ? `, widened × ${widening.toFixed(2)} for autocorrelation` : ''}`;
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
