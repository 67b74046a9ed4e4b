/** What each arm takes in b that it did not take in a, and what became of the difference between arms. */
import type { Change, Saving } from '../../result/run-comparison-schema.js';
import { nsToMs } from '../../units.js';
import { blockQuantiles, measured, missingPerBlock, type Block, type Measured } from '../blocks.js';
import { missingToEstimate, stateOf } from '../comparisons.js';
import { hodgesLehmann, MIN_BLOCKS } from '../intervals.js';
import type { DeclaredTogether } from './declared.js';
import { shiftEstimate, shiftOf, wanderOf, type Shift } from './shift.js';

/** The complete blocks of two runs. */
export interface BothBlocks {
  readonly a: readonly Block[];
  readonly b: readonly Block[];
}

/** One quantity in the blocks of both runs, in ms. */
interface Series {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** A shift that may lie between the runs and have nothing to do with what was changed, in ms. */
interface BetweenRuns {
  readonly low: number;
  readonly high: number;
  readonly from: string;
}

const NOTHING_BETWEEN: BetweenRuns = { low: 0, high: 0, from: '' };

/**
 * The change b − a of every arm at the declared quantiles, in ms: positive when it takes longer in b.
 *
 * The blocks of two runs are two samples, not pairs: the shift between them is the two-sample Hodges-Lehmann estimate with its exact Mann-Whitney interval
 * (`blocks`, at the level at which all declared quantiles together err in 5 %: 97.5 % for two). That interval knows how much the blocks of a run differ. It cannot know how much *runs* differ:
 * hosts, networks and servers settle at another level each time (Zhang et al., Treadmill, ISCA 2016, call it hysteresis), every block of a run shares its
 * level, and two runs give one difference of levels and no spread of it. Kalibera and Jones, Rigorous Benchmarking in Reasonable Time, ISMM 2013, §4: what
 * varies at the level of the run must be repeated at the level of the run. So the interval that the verdict rests on (`ci`) is widened by two things seen:
 *
 * 1. *The day.* Something that moves all arms alike is either a change of what was measured or a change of the day, and no analysis of two runs tells which.
 *    The arm that moved least bounds it: had the day alone moved that arm, it moved the others as far. `ci` covers both readings, the day did nothing and
 *    the day did that: it is the hull of [low, high] and [low − day's high, high − day's low], the day being the interval of that arm at that quantile.
 *    The arm that moved least is its own bound, and one arm alone is too: its interval always reaches zero. Who has measured how far runs of the same thing lie
 *    apart declares it (`runToRunMs`), and it stands in place of this.
 * 2. *The wander.* A level that moved by so much inside a run, from its first half to its second, moves at least as far between runs: the larger of the two
 *    runs' wanders is added at both ends. The noise floor of the gates (an arm against itself) is not added: it is made of the same spread of blocks that
 *    the interval holds already.
 *
 * @param hindrance why an arm is not judged though it could be estimated, or ''
 */
export function changesOf(blocks: BothBlocks, arms: readonly string[], declared: DeclaredTogether, runToRunMs: number | null, hindrance: (arm: string) => string): Change[] {
  return declared.quantiles.flatMap((quantile) => {
    const all = arms.map((arm) => ({ arm, ...seriesOf(blocks, arm, quantile) }));
    const day = dayOf(all, declared.level, runToRunMs);
    return all.map(({ arm, series, missing }) => ({ arm, quantile, ...judge(series, missing, (shift) => ({ low: -shift.high, high: -shift.low }), day, hindrance(arm), declared.level, declared.marginMs(series?.a ?? [])) }));
  }).sort((x, y) => arms.indexOf(x.arm) - arms.indexOf(y.arm));
}

/**
 * What each arm saves against the baseline, in b less in a: the difference of differences, in ms, positive when it saves more in b. The differences are taken
 * inside each block of each run, where arms are interleaved, so that whatever moved both arms of a run alike, the day above all, is in neither; only what moved
 * them differently remains. (Difference in differences: Angrist and Pischke, Mostly Harmless Econometrics, §5.2; its premise, that without the change both
 * arms would have moved alike, is what the wander inside the runs is there to doubt.)
 */
export function savingsOf(blocks: BothBlocks, baseline: string, arms: readonly string[], declared: DeclaredTogether, hindrance: (arm: string) => string): Saving[] {
  return arms.filter((arm) => arm !== baseline).flatMap((candidate) => declared.quantiles.map((quantile): Saving => {
    const { series, missing } = savingSeries(blocks, baseline, candidate, quantile);
    const why = [hindrance(baseline), hindrance(candidate)].find((reason) => reason !== '') ?? '';
    return { baseline, candidate, quantile, ...judge(series, missing, (shift) => shift, NOTHING_BETWEEN, why, declared.level, declared.marginMs(baseValuesOf(blocks, baseline, quantile))) };
  }));
}

// ---------------------------------------------------------------------------------------------- one change

type Judged = Omit<Change, 'arm' | 'quantile'>;

/** @param orient the interval with "better in b" above zero, as the states of a verdict want it */
function judge(series: Series | null, missing: string, orient: (interval: { low: number; high: number }) => { low: number; high: number }, day: BetweenRuns, hindrance: string, level: number, marginMs: number): Judged {
  if (!series) return { aMs: null, bMs: null, estimateMs: null, blocks: null, betweenRuns: null, ci: null, marginMs, state: hindrance === '' ? 'cannot-tell' : 'not-judged', detail: hindrance || missing };
  const shift = shiftOf(series.a, series.b, level);
  const wanderMs = Math.max(wanderOf(series.a), wanderOf(series.b));
  const ci = shift && withDay(shift, day, wanderMs);
  const state = hindrance !== '' ? 'not-judged' : ci ? stateOf(orient(ci), marginMs) : 'cannot-tell';
  return {
    aMs: hodgesLehmann(series.a),
    bMs: hodgesLehmann(series.b),
    estimateMs: shiftEstimate(series.a, series.b),
    blocks: shift && { lowMs: shift.low, highMs: shift.high, level: shift.level, method: methodOf(shift) },
    betweenRuns: shift && { lowMs: day.low, highMs: day.high, from: day.from, wanderMs },
    ci: ci && { lowMs: ci.low, highMs: ci.high },
    marginMs,
    state,
    detail: hindrance || (state === 'cannot-tell' ? whyNot(series, shift, marginMs, orient) : ''),
  };
}

function withDay({ low, high }: Shift, day: BetweenRuns, wander: number): { low: number; high: number } {
  return { low: Math.min(low, low - day.high) - wander, high: Math.max(high, high - day.low) + wander };
}

/** The interval of the arm that moved least: the most that the day can have moved all of them. */
function dayOf(all: readonly { readonly arm: string; readonly series: Series | null }[], level: number, runToRunMs: number | null): BetweenRuns {
  if (runToRunMs !== null) return { low: -runToRunMs, high: runToRunMs, from: '' };
  const moved = all.flatMap(({ arm, series }) => {
    const shift = series && shiftOf(series.a, series.b, level);
    return shift ? [{ low: shift.low, high: shift.high, from: arm, by: Math.abs(shiftEstimate(series.a, series.b)) }] : [];
  });
  const least = moved.sort((x, y) => x.by - y.by)[0];
  return least ? { low: least.low, high: least.high, from: least.from } : NOTHING_BETWEEN;
}

function whyNot({ a, b }: Series, shift: Shift | null, marginMs: number, orient: (interval: { low: number; high: number }) => { low: number; high: number }): string {
  if (!shift) return `needs at least ${MIN_BLOCKS} complete blocks in each run, has ${a.length} and ${b.length}`;
  return stateOf(orient(shift), marginMs) === 'cannot-tell' ? 'more blocks are needed: the interval reaches across the margin' : 'what may lie between the runs is as large; run both as arms of one run to know';
}

function methodOf({ widening }: Shift): string {
  return `two-sample Hodges-Lehmann, exact rank-sum${widening > 1 ? `, widened × ${widening.toFixed(2)} for autocorrelation` : ''}`;
}

// ---------------------------------------------------------------------------------------------- the series

interface Reading {
  readonly series: Series | null;
  /** What the series lacks, or ''. */
  readonly missing: string;
}

function seriesOf({ a, b }: BothBlocks, arm: string, quantile: number): Reading {
  const runs = [measured(a, arm, 'response'), measured(b, arm, 'response')] as const;
  const missing = missingToEstimate(runs[0], runs[1], quantile);
  if (missing !== '') return { series: null, missing };
  const [inA, inB] = blockQuantiles(runs, quantile).map(toMs) as [number[], number[]];
  return { series: { a: inA, b: inB }, missing };
}

function savingSeries({ a, b }: BothBlocks, baseline: string, candidate: string, quantile: number): Reading {
  const runs = [a, a, b, b].map((blocks, index) => measured(blocks, index % 2 === 0 ? baseline : candidate, 'response')) as [Measured, Measured, Measured, Measured];
  const missing = missingToEstimate(runs[0], runs[1], quantile) || missingToEstimate(runs[2], runs[3], quantile);
  if (missing !== '') return { series: null, missing };
  const [baseA, candidateA, baseB, candidateB] = blockQuantiles(runs, quantile).map(toMs) as [number[], number[], number[], number[]];
  const less = (base: readonly number[], own: readonly number[]): number[] => base.map((value, block) => value - (own[block] ?? NaN));
  return { series: { a: less(baseA, candidateA), b: less(baseB, candidateB) }, missing };
}

/** What the baseline takes in the blocks of a: the margin of a saving is that of the baseline it is a saving on. */
function baseValuesOf(blocks: BothBlocks, baseline: string, quantile: number): number[] {
  const base = measured(blocks.a, baseline, 'response');
  const known = base.blocks.length > 0 && missingPerBlock([base], quantile) === 0;
  return known ? toMs(blockQuantiles([base], quantile)[0] ?? []) : [];
}

function toMs(values: readonly number[]): number[] {
  return values.map(nsToMs);
}
