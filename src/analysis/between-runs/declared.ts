/** What two runs declared before they began, and what of it a verdict on both can rest on. */
import type { Declared } from '../../result/declared-schema.js';
import type { Result } from '../../result/schema.js';
import { formatMs, quantileName } from '../../units.js';
import { marginOf, primaryLevel, USUAL } from '../comparisons.js';
import { list } from '../verdict.js';

export interface DeclaredTogether {
  readonly quantiles: readonly number[];
  /** Of one interval, so that all of them err together in 5 % of comparisons at most. */
  readonly level: number;
  /** Below which change nobody should care, in ms, from the block values of a. */
  marginMs(blocksMs: readonly number[]): number;
  /** All of it, and where the runs differ in it. */
  readonly sentence: string;
}

/**
 * The quantiles that both declared: one that only one run declared was picked without the other run in mind. Where they have none in common, those of either.
 * The larger of two margins: what is of no use to one of the runs is no finding. A file that declares nothing counts as one that declares the usual.
 */
export function declaredTogether({ plan: { declared: a = USUAL } }: Pick<Result, 'plan'>, { plan: { declared: b = USUAL } }: Pick<Result, 'plan'>): DeclaredTogether {
  const common = a.quantiles.filter((quantile) => b.quantiles.includes(quantile));
  const quantiles = common.length > 0 ? common : [...new Set([...a.quantiles, ...b.quantiles])].sort((x, y) => x - y);
  const margins = [...new Set([a.marginMs, b.marginMs])];
  const names = list(quantiles.map(quantileName));
  const margin = margins.length === 1 ? `a margin of ${marginWords(a)}` : `the larger of two margins, ${marginWords(a)} (a) and ${marginWords(b)} (b)`;
  const differ = quantileWords(a) === quantileWords(b) ? '' : ` a declared ${quantileWords(a)}, b ${quantileWords(b)}: ${common.length > 0 ? `only what both declared counts` : 'they have none in common, so all of them count'}.`;
  return {
    quantiles,
    level: primaryLevel(quantiles),
    marginMs: (blocksMs) => Math.max(...margins.map((declared) => declared ?? marginOf(blocksMs))),
    sentence: `The verdict rests on ${names}, with ${margin}, as declared before the runs.${differ}`,
  };
}

/** `p50 and p99` */
export function quantileWords({ quantiles }: Declared): string {
  return list(quantiles.map(quantileName));
}

/** `0.500 ms` */
export function marginWords({ marginMs }: Declared): string {
  return marginMs === null ? '0.1 ms or 2 %, whichever is more' : `${formatMs(marginMs)} ms`;
}
