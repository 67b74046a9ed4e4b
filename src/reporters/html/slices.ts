/** The slices of all rounds as moments of the run, for the drawings over time. */
import type { Result, RoundResult } from '../../result/schema.js';

/** One slice of one round; rates per second, times in ms of the run. */
export interface Moment {
  readonly arm: string;
  readonly round: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly planned: number;
  readonly completed: number;
  readonly opened: number;
  readonly tlsFull: number;
  readonly tlsResumed: number;
  readonly inFlight: number;
  readonly lateP50Ms: number | null;
  readonly lateP99Ms: number | null;
}

/** In the order in which they ran; empty when the file is older than the slices. */
export function momentsOf({ rounds }: Result): readonly Moment[] {
  return rounds.flatMap(ofRound);
}

function ofRound({ arm, index, series, startedAtMs, warmupMs, windowMs }: RoundResult): readonly Moment[] {
  if (!series) return [];
  const { sliceMs } = series;
  return Array.from({ length: Math.max(0, series.planned.length - 1) }, (_, slice): Moment => {
    const fromMs = startedAtMs + warmupMs + slice * sliceMs;
    const lengthMs = Math.min(sliceMs, windowMs - slice * sliceMs);
    const perSecond = (counts: readonly number[]): number => (lengthMs > 0 ? ((counts[slice] ?? 0) * 1000) / lengthMs : 0);
    return {
      arm,
      round: index,
      fromMs,
      toMs: fromMs + lengthMs,
      planned: perSecond(series.planned),
      completed: perSecond(series.completed),
      opened: perSecond(series.opened),
      tlsFull: perSecond(series.tlsFull),
      tlsResumed: perSecond(series.tlsResumed),
      inFlight: series.inFlight[slice] ?? 0,
      lateP50Ms: series.lateMs.p50[slice] ?? null,
      lateP99Ms: series.lateMs.p99[slice] ?? null,
    };
  });
}
