/** When a run that goes on until it is precise ends: asked after each block, and never before the fewest. */
import type { Ns } from '../define.js';
import type { RawRun, StopReason } from '../result/journal.js';
import type { Plan } from '../scenario/plan.js';

/** Whether a run is precise enough by now. Told the whole run so far, because precision is a matter of all its blocks. */
export type Enough = (run: Pick<RawRun, 'record' | 'rounds'>) => boolean;

/**
 * @param done how many blocks were run
 * @param elapsedNs since the first of them began: what a block took so far tells when another would end
 * @returns why no further block is run; null: one more
 */
export function stopsAfter({ scenario: { until }, blocks }: Plan, done: number, elapsedNs: Ns, isEnough: () => boolean): StopReason | null {
  if (until === null || done < blocks.fewest) return null;
  if (isEnough()) return 'precise';
  if (done >= blocks.most) return 'max-blocks';
  return (elapsedNs / done) * (done + 1) > until.maxTimeNs ? 'max-time' : null;
}
