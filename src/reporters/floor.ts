/** What sameconn itself adds on the host of a run, in words: the scale below which its figures say nothing. */
import type { HostFloor, Result } from '../result/schema.js';
import { formatMs } from '../units.js';
import { quantileFigure } from './facts.js';

/** `This host's floor, measured 2026-11-22: +0.07 ms p50, +0.31 ms p99, late p99 0.22 ms at 1000/s`, or how to measure it. */
export function floorSentence({ environment: { floor } }: Result): string {
  if (!floor) return 'This host’s floor: not measured; run sameconn selftest';
  return `This host’s floor, measured ${floor.measuredAt.slice(0, 10)}: ${floorFigures(floor)}`;
}

/** `+0.07 ms p50, +0.31 ms p99, late p99 0.22 ms at 1000/s`. */
export function floorFigures({ addedMs, lateMs, ratePerS }: HostFloor): string {
  return `${signed(addedMs.p50)} ms p50, ${signed(addedMs.p99)} ms p99, late p99 ${quantileFigure(lateMs, 'p99')} ms at ${ratePerS}/s`;
}

/** `+0.07`, `−0.02`: the noise of the host can be larger than what is added. */
export function signed(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${formatMs(Math.abs(ms))}`;
}
