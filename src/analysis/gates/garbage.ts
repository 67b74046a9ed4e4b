import type { ArmResult } from '../../result/schema.js';
import { formatMs, quantileName } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { NO_OBSERVATION, percent, some } from '../gate-words.js';
import { highestJudged, observedRounds, placeOf, type ObservedRound } from '../rounds.js';

const REMEDY = 'lower the rate or the response size, or add workers: each collects for itself';

/**
 * G7. Did garbage collection shape the latencies? Pauses above 1 % of an arm's measured time, or one above 20 ms, are worth a caveat. No verdict when pauses
 * longer than half of Q_service(p), p the arm's highest compared quantile, touched more than n(1 − p)/4 requests: a pause touches those that fell due and those
 * that were answered while it lasted, so 2 · rate · pause of them. Of each round the 32 longest pauses are known.
 */
export const garbage = defineGate({
  id: 'G7',
  title: 'garbage collection stayed small',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find: (evidence) => evidence.arms.flatMap((arm) => {
    const rounds = observedRounds(evidence, arm);
    return rounds.length === 0 ? [] : [share(arm, rounds), ...touched(arm, rounds, highestJudged(evidence, arm)), ...rounds.map(longest)];
  }),
});

function windowOf(rounds: readonly ObservedRound[]): number {
  return rounds.reduce((sum, { windowMs }) => sum + windowMs, 0);
}

function share({ name }: ArmResult, rounds: readonly ObservedRound[]): Finding {
  const paused = rounds.reduce((sum, { observed }) => sum + observed.gc.totalMs, 0) / windowOf(rounds);
  return { value: 100 * paused, unit: '% of the time', warnAbove: 1, detail: `${name}: garbage collection took ${percent(paused)} of the measured time`, remedy: REMEDY };
}

function longest(round: ObservedRound): Finding {
  const longestMs = round.observed.gc.longestMs[0] ?? 0;
  return { value: longestMs, unit: 'ms', warnAbove: 20, detail: `${placeOf(round)}: the longest collection took ${formatMs(longestMs)} ms`, remedy: REMEDY };
}

function touched({ name, totals }: ArmResult, rounds: readonly ObservedRound[], quantile: number): Finding[] {
  const { service } = totals.latencyMs;
  if (service.count === 0) return [];
  const ordinaryMs = quantile === 0.99 ? service.p99 : service.p50;
  const long = rounds.flatMap(({ observed }) => observed.gc.longestMs.filter((ms) => ms > ordinaryMs / 2));
  const requests = Math.round((2 * service.count * long.reduce((sum, ms) => sum + ms, 0)) / windowOf(rounds));
  const detail = `${name}: ${some(long.length, 'collection')} took longer than half of the service time at ${quantileName(quantile)} (${formatMs(ordinaryMs)} ms) and touched about ${some(requests, 'request')}`;
  return [{ value: requests, unit: 'requests', failAbove: (service.count * (1 - quantile)) / 4, detail, remedy: REMEDY }];
}
