/** How narrow the intervals have become: what ends a run that goes on until it is precise, and what it is told by. */
import type { RawRun } from '../result/journal.js';
import type { Precision } from '../result/declared-schema.js';
import { formatCount, formatDuration, formatMs, NS_PER_MS, nsToMs, quantileName } from '../units.js';
import { blockQuantiles, completeBlocks, measured, type Measured } from './blocks.js';
import { blocksFor, missingToEstimate, PRIMARY_QUANTILES, primaryLevel } from './comparisons.js';
import { intervalOf } from './intervals.js';
import { headlineCandidate } from './verdict.js';

/** The part of a run that tells how precise it is by now. */
export type RunSoFar = Pick<RawRun, 'record' | 'rounds'>;

/**
 * Whether the intervals of the pair that the verdict speaks of are as narrow as was asked, at every declared quantile that has its samples. It looks at their
 * widths and never at where they lie: a run that stopped as soon as it found a difference would find one too often.
 */
export function isPrecise(run: RunSoFar): boolean {
  const { until } = run.record.plan;
  const widest = widestOf(run);
  return until !== undefined && widest !== null && widest.halfWidthMs <= until.precisionMs;
}

/** How a run that was to go on until it was precise came to its end; undefined: it was not to. */
export function precisionOf(run: RawRun): Precision | undefined {
  const { until } = run.record.plan;
  if (!until) return undefined;
  const blocks = completeBlocks(run).length;
  const widest = widestOf(run);
  const halfWidthMs = widest?.halfWidthMs ?? null;
  const ended = run.complete ? (run.stopped ?? 'max-blocks') : 'interrupted';
  const needed = widest && halfWidthMs !== null && halfWidthMs > until.precisionMs ? Math.max(blocks + 1, widest.blocksNeeded) : null;
  const why: Readonly<Record<Precision['ended'], string>> = {
    precise: `Ended after ${some(blocks)}, precise enough`,
    'max-blocks': `Ended after ${some(blocks)}, the most that were allowed`,
    'max-time': `Ended after ${some(blocks)}: another would have gone beyond the ${formatDuration(until.maxTimeMs * NS_PER_MS)} allowed`,
    interrupted: `Interrupted after ${some(blocks)}`,
  };
  const reached = widest ? `± ${formatMs(widest.halfWidthMs)} ms at ${quantileName(widest.quantile)}` : `no interval${missing(run)}`;
  const lacking = needed === null ? '' : ` About ${formatCount(needed)} blocks would be needed.`;
  return { askedMs: until.precisionMs, halfWidthMs, blocks, ended, blocksNeeded: needed, sentence: `${why[ended]}: ± ${formatMs(until.precisionMs)} ms was asked, and there was ${reached}.${lacking}${widest ? unjudged(run) : ''}` };
}

/** `± 0.412 ms at p99 after 7 blocks`, for those who wait. */
export function precisionSoFar(run: RunSoFar): string {
  const widest = widestOf(run);
  const asked = run.record.plan.until;
  const blocks = completeBlocks(run).length;
  if (!asked) return '';
  if (!widest) return `${some(blocks)}: no interval yet${missing(run)}`;
  const more = widest.halfWidthMs <= asked.precisionMs ? '' : `, about ${some(Math.max(blocks + 1, widest.blocksNeeded))} in all`;
  return `${some(blocks)}: ± ${formatMs(widest.halfWidthMs)} ms at ${quantileName(widest.quantile)}, ± ${formatMs(asked.precisionMs)} ms asked${more}`;
}

interface Width {
  readonly quantile: number;
  readonly halfWidthMs: number;
  readonly blocksNeeded: number;
}

/** The widest primary interval of the headline pair; null while there is none. */
function widestOf(run: RunSoFar): Width | null {
  const { record } = run;
  const pair = headlinePair(run);
  const quantiles = declaredIn(run);
  const widths = quantiles.flatMap((quantile): Width[] => {
    if (!pair || missingToEstimate(...pair, quantile) !== '') return [];
    const [base, candidate] = blockQuantiles(pair, quantile);
    const differences = base.map((value, block) => nsToMs(value - (candidate[block] ?? NaN)));
    const interval = intervalOf(differences, primaryLevel(quantiles));
    if (!interval) return [];
    const precisionMs = record.plan.until?.precisionMs ?? Infinity;
    return [{ quantile, halfWidthMs: (interval.high - interval.low) / 2, blocksNeeded: blocksFor(differences, interval.widening, precisionMs) }];
  });
  return widths.toSorted((a, b) => b.halfWidthMs - a.halfWidthMs)[0] ?? null;
}

function headlinePair({ record, rounds }: RunSoFar): [Measured, Measured] | null {
  const { arms, plan } = record;
  const baseline = arms.find(({ name }) => name === plan.baseline) ?? arms[0];
  const candidate = headlineCandidate(arms, baseline);
  if (!baseline || !candidate) return null;
  const blocks = completeBlocks({ record, rounds });
  return [measured(blocks, baseline.name, 'response'), measured(blocks, candidate.name, 'response')];
}

function declaredIn({ record }: RunSoFar): readonly number[] {
  return record.plan.declared?.quantiles ?? PRIMARY_QUANTILES;
}

/** What more blocks will not bring: a declared quantile without its samples in each of them. */
function unjudged(run: RunSoFar): string {
  const pair = headlinePair(run);
  const lacking = declaredIn(run).filter((quantile) => pair && missingToEstimate(...pair, quantile) !== '').map(quantileName);
  return lacking.length === 0 ? '' : ` For ${lacking.join(' and ')} the rounds are too short: longer ones would tell, more of them would not.`;
}

/** ` (p50 needs 12 more requests …)`; '' when only blocks are missing. */
function missing(run: RunSoFar): string {
  const pair = headlinePair(run);
  const [lowest] = declaredIn(run).toSorted();
  const lacks = pair && lowest !== undefined ? missingToEstimate(...pair, lowest) : '';
  return lacks === '' || lowest === undefined ? '' : ` (${quantileName(lowest)} ${lacks.startsWith('no ') ? 'is not told: ' : ''}${lacks})`;
}

function some(blocks: number): string {
  return `${formatCount(blocks)} block${blocks === 1 ? '' : 's'}`;
}
