import type { GateOutcome, Result } from '../result/schema.js';

/** What a gate may look at: everything but the verdict that depends on it. */
export type Evidence = Omit<Result, 'gates' | 'verdict' | 'expectations'>;

/** One reason to believe the run or not. A gate that cannot be measured here says `not-measured`, never `pass`. */
export interface Gate {
  readonly id: string;
  readonly title: string;
  check(evidence: Evidence): GateOutcome;
}
