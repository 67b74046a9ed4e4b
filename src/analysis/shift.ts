/** The shift function: what an arm saves at every percentile, not at four of them (Doksum 1974; Wilcox 1995). */
import type { Result } from '../result/schema.js';
import { nsToMs } from '../units.js';
import { blockQuantiles, completeBlocks, measured, missingPerBlock } from './blocks.js';
import { hodgesLehmann, intervalOf } from './intervals.js';

export interface ShiftPoint {
  readonly quantile: number;
  /** Baseline − candidate: positive where the candidate is faster. */
  readonly estimateMs: number;
  /** null below 6 blocks. */
  readonly band: { readonly lowMs: number; readonly highMs: number; readonly level: number } | null;
}

/** From the 2nd to the 90th percentile, then with every nine in 8 steps up to p99.9. */
const SHIFT_QUANTILES: readonly number[] = [...Array.from({ length: 45 }, (_, i) => (2 * i + 2) / 100), ...Array.from({ length: 16 }, (_, i) => 1 - 10 ** -(1 + (i + 1) / 8))];
/** Asked of the band at each percentile by itself; few blocks reach less, and the points say what. */
const BAND_LEVEL = 0.99;

/** Baseline − candidate by block differences, at every percentile that has its 20 requests beyond it in each block; empty without complete blocks. */
export function shiftFunction({ plan, rounds }: Pick<Result, 'plan' | 'rounds'>, candidate: string): readonly ShiftPoint[] {
  const blocks = completeBlocks({ record: { plan }, rounds });
  const arms = [measured(blocks, plan.baseline, 'response'), measured(blocks, candidate, 'response')] as const;
  if (blocks.length === 0 || arms.some((arm) => arm.blocks.some((of) => of.every(({ count }) => count === 0)))) return [];
  return SHIFT_QUANTILES.filter((quantile) => missingPerBlock(arms, quantile) === 0).map((quantile): ShiftPoint => {
    const [base, own] = blockQuantiles(arms, quantile);
    const differences = base.map((ns, block) => nsToMs(ns - (own[block] ?? 0)));
    const interval = intervalOf(differences, BAND_LEVEL);
    return { quantile, estimateMs: hodgesLehmann(differences), band: interval && { lowMs: interval.low, highMs: interval.high, level: interval.level } };
  });
}
