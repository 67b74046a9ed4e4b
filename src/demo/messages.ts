/** What the target's process and its parent say to each other. */
import type { TargetCounts } from './target.js';

/** A demand for the counts; the answer carries the same number. */
export interface CountsDemand {
  readonly type: 'counts?';
  readonly number: number;
}

export type TargetMessage =
  | { readonly type: 'ready'; readonly httpPort: number; readonly httpsPort: number; readonly ca: string }
  | { readonly type: 'counts'; readonly number: number; readonly counts: TargetCounts };
