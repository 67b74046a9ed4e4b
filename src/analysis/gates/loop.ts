import type { ArmResult } from '../../result/schema.js';
import { formatMs, quantileName } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import type { Evidence } from '../gate.js';
import { NO_OBSERVATION, percent } from '../gate-words.js';
import { highestJudged, observedRounds, placeOf, type ObservedRound } from '../rounds.js';

const REMEDY = 'give the generator a core of its own, add workers or lower the rate; with pacing: hybrid it needs one core for each worker';

/**
 * G5. Was the sending loop there when it was needed? A loop that is away for more than 20 ms stalls: worth a caveat, and no verdict when stalls cover more than
 * (1 − p)/4 of an arm's measured time, p its highest compared quantile, since they then make up a good part of the tail. Event-loop utilization is judged only
 * with `pacing: timer` (above 0.85 a caveat, above 0.95 no verdict): with `hybrid` the loop turns on purpose, so that a value near 1 says nothing; there the
 * stalls, measured by the loop's own clock, are what can be known.
 */
export const loop = defineGate({
  id: 'G5',
  title: 'the sending loop had room',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find: (evidence) => evidence.arms.flatMap((arm) => {
    const rounds = observedRounds(evidence, arm);
    return rounds.length === 0 ? [] : [stalls(evidence, arm, rounds), ...rounds.map(longestTurn), ...(evidence.plan.pacing === 'timer' ? rounds.map(utilization) : [])];
  }),
});

function stalls(evidence: Evidence, arm: ArmResult, rounds: readonly ObservedRound[]): Finding {
  const stalledMs = rounds.reduce((sum, { observed }) => sum + observed.stalledMs, 0);
  const share = stalledMs / rounds.reduce((sum, { windowMs }) => sum + windowMs, 0);
  const quantile = highestJudged(evidence, arm);
  const detail = `${arm.name}: stalls took ${formatMs(stalledMs)} ms, ${percent(share)} of the measured time (judged at ${quantileName(quantile)})`;
  return { value: 100 * share, unit: '% of the time', failAbove: (100 * (1 - quantile)) / 4, detail, remedy: REMEDY };
}

function longestTurn(round: ObservedRound): Finding {
  const { longestTurnMs } = round.generator;
  return { value: longestTurnMs, unit: 'ms', warnAbove: 20, detail: `${placeOf(round)}: the sending loop was away for ${formatMs(longestTurnMs)} ms at a time`, remedy: REMEDY };
}

function utilization(round: ObservedRound): Finding {
  const { loopUtilization } = round.generator;
  return { value: loopUtilization, unit: '', warnAbove: 0.85, failAbove: 0.95, detail: `${placeOf(round)}: the busiest worker's event loop was busy for ${percent(loopUtilization)} of the time`, remedy: 'add workers or lower the rate' };
}
