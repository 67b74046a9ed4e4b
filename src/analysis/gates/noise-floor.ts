import { formatMs, quantileName } from '../../units.js';
import { completeBlocks } from '../blocks.js';
import { defineGate, type Finding } from '../findings.js';
import { ONE_ARM } from '../gate-words.js';
import { intervalOf } from '../intervals.js';
import { forVerdict, judged, responseMs, roundsSuffice } from '../rounds.js';

/**
 * G18. How large a difference does this run see where there is none? Each arm against itself, its first round of a block against its second: the half-width of the
 * same estimator's interval over the blocks, divided by √2 since a block value is the mean of two rounds and this is a difference of one and one, and not
 * widened for autocorrelation, which few blocks tell too badly to measure a noise by. The root mean square of both arms' floors: above the margin is worth a caveat; where a difference is claimed and |Δ̂| is below the floor, there is no verdict. A comparison
 * that claims none ("same", "cannot tell") needs no floor below its Δ̂.
 */
export const noiseFloor = defineGate({
  id: 'G18',
  title: 'differences stand out from the noise',
  unmeasured: ({ comparisons }) => (comparisons.length === 0 ? ONE_ARM : 'it takes 6 complete blocks with enough requests in every round'),
  find(evidence) {
    const blocks = completeBlocks({ record: evidence, rounds: evidence.rounds });
    return judged(evidence).flatMap(({ baseline, candidate, quantile, estimateMs, marginMs, state, headline }) => {
      if (!blocks.every((block) => roundsSuffice(block.rounds, quantile))) return [];
      const floors = [baseline, candidate].map((arm) => {
        const differences = blocks.flatMap(({ rounds }) => {
          const [first, second] = rounds.filter((round) => round.arm === arm);
          return first && second ? [(responseMs(first, quantile) - responseMs(second, quantile)) / Math.SQRT2] : [];
        });
        const interval = intervalOf(differences, 0.975);
        return interval ? (interval.high - interval.low) / 2 / interval.widening : NaN;
      });
      const floorMs = Math.sqrt(floors.reduce((sum, floor) => sum + floor ** 2, 0) / floors.length);
      const claimed = state !== 'same' && state !== 'cannot-tell';
      const finding: Finding = {
        value: floorMs,
        unit: 'ms',
        warnAbove: marginMs,
        detail: `${candidate} and ${baseline} at ${quantileName(quantile)}: an arm differs from itself by ± ${formatMs(floorMs)} ms; the difference between them is ${formatMs(estimateMs)} ms`,
        remedy: 'more blocks or longer rounds (load.duration), or a quieter machine',
      };
      return [claimed ? forVerdict({ ...finding, failAbove: Math.abs(estimateMs) }, headline) : finding];
    });
  },
});
