/** The block, unit of replication: what each arm measured in it, and the quantile it stands for. */
import type { Ns } from '../define.js';
import { Histogram } from '../measure/histogram.js';
import type { Metric, RoundResult, RunRecord } from '../result/schema.js';

/** A block in which every arm ran all its rounds. */
export interface Block {
  readonly index: number;
  readonly rounds: readonly RoundResult[];
}

/** One metric of one arm: for each complete block, the distributions of its rounds. */
export interface Measured {
  readonly arm: string;
  readonly metric: Metric;
  readonly blocks: readonly (readonly Histogram[])[];
}

/** Requests beyond a quantile, n(1 − p), without which the quantile is not estimated. */
export const BEYOND_TO_ESTIMATE = 20;

/** The blocks that the run finished, in order. A block that was cut short is left out whole: half a block would compare unequal shares of the drift. */
export function completeBlocks({ record, rounds }: { readonly record: Pick<RunRecord, 'plan'>; readonly rounds: readonly RoundResult[] }): Block[] {
  return record.plan.order
    .map((order, index) => ({ index, order, rounds: rounds.filter((round) => round.block === index) }))
    .filter(({ order, rounds }) => order.length > 0 && [...order].sort().join('\n') === rounds.map((round) => round.arm).sort().join('\n'))
    .map(({ index, rounds }) => ({ index, rounds }));
}

export function measured(blocks: readonly Block[], arm: string, metric: Metric): Measured {
  return {
    arm,
    metric,
    blocks: blocks.map((block) => block.rounds.filter((round) => round.arm === arm).map((round) => Histogram.decode(round.histograms[metric]))),
  };
}

/** How many requests it takes to have `beyond` of them above the quantile. */
export function requestsFor(quantile: number, beyond: number): number {
  return Math.ceil(beyond / (1 - quantile) - 1e-6); // 1 − 0.999 is not quite 0.001
}

/** How many requests the smallest block of these arms lacks for the quantile to be estimated; 0: none. */
export function missingPerBlock(arms: readonly Measured[], quantile: number): number {
  const smallest = Math.min(...arms.flatMap((arm) => arm.blocks.map(countOf)));
  return Math.max(0, requestsFor(quantile, BEYOND_TO_ESTIMATE) - smallest);
}

/**
 * The block values of arms at a quantile, in ns, one list an arm: the mean of the arm's round quantiles where every round of all of them has its 20 requests beyond
 * the quantile, else the quantile of the block's rounds taken together. One rule for all arms and blocks, so that a difference holds no difference of method.
 * Only where `missingPerBlock` is 0.
 */
export function blockQuantiles<const Arms extends readonly Measured[]>(arms: Arms, quantile: number): { -readonly [K in keyof Arms]: Ns[] } {
  const needed = requestsFor(quantile, BEYOND_TO_ESTIMATE);
  const roundsSuffice = arms.every((arm) => arm.blocks.every((rounds) => rounds.every((round) => round.count >= needed)));
  const value = roundsSuffice ? meanOfRounds : quantileOfAll;
  return arms.map((arm) => arm.blocks.map((rounds) => value(rounds, quantile))) as { -readonly [K in keyof Arms]: Ns[] };
}

function meanOfRounds(rounds: readonly Histogram[], quantile: number): Ns {
  return rounds.reduce((sum, round) => sum + round.quantileNs(quantile), 0) / rounds.length;
}

function quantileOfAll(rounds: readonly Histogram[], quantile: number): Ns {
  const all = Histogram.empty();
  for (const round of rounds) all.add(round);
  return all.quantileNs(quantile);
}

function countOf(rounds: readonly Histogram[]): number {
  return rounds.reduce((sum, round) => sum + round.count, 0);
}
