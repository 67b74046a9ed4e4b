/** Baseline minus candidate, quantile by quantile: positive when the candidate is faster. */
import type { Comparison } from '../result/schema.js';
import { formatCount, formatMs, nsToMs } from '../units.js';
import { BEYOND_TO_ESTIMATE, blockQuantiles, measured, missingPerBlock, type Block, type Measured } from './blocks.js';
import { hodgesLehmann, intervalOf, MIN_BLOCKS, type Interval } from './intervals.js';

/** Declared before any run: the verdict rests on these, so together they err in 5 % of runs at most (97.5 % each). */
export const PRIMARY_QUANTILES: readonly number[] = [0.5, 0.99];
/** The others explore, at 95 % each. */
export const QUANTILES: readonly number[] = [0.5, 0.9, 0.99, 0.999];

const SMALLEST_MARGIN_MS = 0.1;
const MARGIN_SHARE = 0.02;

export type ComparisonState = Comparison['state'];

/** Every arm against the baseline, by response time at each quantile. */
export function compareArms(blocks: readonly Block[], baseline: string, arms: readonly string[]): Comparison[] {
  const base = measured(blocks, baseline, 'response');
  return arms
    .filter((arm) => arm !== baseline)
    .map((arm) => measured(blocks, arm, 'response'))
    .flatMap((candidate) => QUANTILES.map((quantile) => compare(base, candidate, quantile)));
}

/**
 * One comparison, in ms. The margin of practical difference is the larger of 0.1 ms and 2 % of the baseline. It takes 20 requests beyond the quantile in every
 * block of each arm to estimate, and 6 blocks for an interval and a state; those hold the 100 requests beyond the quantile, n(1 − p), that a verdict takes.
 */
export function compare(baseline: Measured, candidate: Measured, quantile: number): Comparison {
  const primary = candidate.metric === 'response' && PRIMARY_QUANTILES.includes(quantile);
  const about = { baseline: baseline.arm, candidate: candidate.arm, metric: candidate.metric, quantile, primary };
  const missing = missingToEstimate(baseline, candidate, quantile);
  if (missing !== '') return { ...about, estimateMs: null, ci: null, marginMs: SMALLEST_MARGIN_MS, state: 'cannot-tell', detail: missing };

  const [baseMs, candidateMs] = blockQuantiles([baseline, candidate], quantile).map((values) => values.map(nsToMs)) as [number[], number[]];
  const differences = baseMs.map((value, block) => value - (candidateMs[block] ?? NaN));
  const marginMs = marginOf(baseMs);
  const interval = intervalOf(differences, primary ? 0.975 : 0.95);
  const state = interval ? stateOf(interval, marginMs) : 'cannot-tell';
  return {
    ...about,
    estimateMs: hodgesLehmann(differences),
    ci: interval && { lowMs: interval.low, highMs: interval.high, level: interval.level, method: methodOf(interval) },
    marginMs,
    state,
    detail: state === 'cannot-tell' ? missingToTell(differences, interval, marginMs) : '',
  };
}

/** Below this a difference is of no practical use, in ms: 0.1 ms, or 2 % of the baseline's block values where that is more. */
export function marginOf(baseMs: readonly number[]): number {
  return baseMs.length === 0 ? SMALLEST_MARGIN_MS : Math.max(SMALLEST_MARGIN_MS, MARGIN_SHARE * hodgesLehmann(baseMs));
}

/** Where the whole interval lies, against zero and the margin. */
export function stateOf({ low, high }: Pick<Interval, 'low' | 'high'>, margin: number): ComparisonState {
  if (low > margin) return 'faster';
  if (high < -margin) return 'slower';
  if (low > 0) return 'faster-small';
  if (high < 0) return 'slower-small';
  return low >= -margin && high <= margin ? 'same' : 'cannot-tell';
}

/** What two arms lack for a quantile to be estimated, or ''. */
export function missingToEstimate(baseline: Measured, candidate: Measured, quantile: number): string {
  if (Math.min(baseline.blocks.length, candidate.blocks.length) === 0) return 'no block was completed';
  const missing = missingPerBlock([baseline, candidate], quantile);
  return missing === 0 ? '' : `needs ${formatCount(missing)} more requests per arm in every block (${BEYOND_TO_ESTIMATE} beyond the quantile)`;
}

/** How many blocks an interval takes, or one as narrow as the margin: (2.2 s/m)², from a half-width of about 2.2 s/√B. */
function missingToTell(differences: readonly number[], interval: Interval | null, marginMs: number): string {
  if (!interval) return `needs at least ${MIN_BLOCKS} blocks, has ${differences.length}`;
  const blocks = Math.ceil(((2.2 * standardDeviation(differences) * interval.widening) / marginMs) ** 2);
  if (blocks <= differences.length) return 'more blocks are needed: the interval reaches across the margin';
  return `about ${formatCount(blocks)} blocks would be needed for ± ${formatMs(marginMs)} ms`;
}

function methodOf({ widening }: Interval): string {
  return `Hodges-Lehmann, exact signed-rank${widening > 1 ? `, widened × ${widening.toFixed(2)} for autocorrelation` : ''}`;
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
