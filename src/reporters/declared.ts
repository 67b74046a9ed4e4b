/** What was laid down before the first round, and how the run came to its end. */
import type { Result } from '../result/schema.js';
import { formatMs, quantileName } from '../units.js';
import { listed } from './words.js';

/** `The verdict rests on p50 and p99; a difference below 0.500 ms counts as none: both declared before the run`; '' in a file that does not say. */
export function declaredSentence({ plan, comparisons }: Result): string {
  if (!plan.declared || comparisons.length === 0) return '';
  const { quantiles, marginMs } = plan.declared;
  const margin = marginMs === null ? '0.1 ms, or 2 % of the baseline if that is more,' : `${formatMs(marginMs)} ms`;
  return `The verdict rests on ${listed(quantiles.map(quantileName))}, and a difference below ${margin} counts as none: declared before the run`;
}

/** How a run ended that was to go on until it was precise; '' where it was not. */
export function precisionSentence({ precision }: Result): string {
  return precision?.sentence ?? '';
}
