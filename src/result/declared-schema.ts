/** What was laid down before a run, and how a run that was to be precise came to its end: parts of the result file. */
import { z } from 'zod';

const count = z.int().min(0);
const ms = z.number();

/** What the verdict was to rest on, written down before the first round. */
export const declared = z.object({
  quantiles: z.array(z.number()).describe('the primary ones: together their intervals err in 5 % of runs at most'),
  marginMs: ms.nullable().describe('below which difference nobody should care; null: the larger of 0.1 ms and 2 % of the baseline'),
});

/** A run that goes on until its primary intervals are narrow enough. */
export const until = z.object({ precisionMs: ms, minBlocks: count, maxBlocks: count, maxTimeMs: ms });

/** How a run that was to go on until it was precise came to its end. */
export const precision = z.object({
  askedMs: ms,
  halfWidthMs: ms.nullable().describe('of the widest primary interval of the pair that the verdict speaks of; null: none could be made'),
  blocks: count.describe('complete ones'),
  ended: z.enum(['precise', 'max-blocks', 'max-time', 'interrupted']),
  blocksNeeded: count.nullable().describe('about how many blocks the asked precision takes; null: reached, or not to be told'),
  sentence: z.string(),
});

export type Declared = z.infer<typeof declared>;
export type Precision = z.infer<typeof precision>;
