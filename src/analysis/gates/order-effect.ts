import { formatMs, quantileName } from '../../units.js';
import { completeBlocks, type Block } from '../blocks.js';
import { certainPart } from '../chance.js';
import { defineGate, type Finding } from '../findings.js';
import { ONE_ARM } from '../gate-words.js';
import { hodgesLehmann, intervalOf } from '../intervals.js';
import { forVerdict, judged, responseMs, roundsSuffice } from '../rounds.js';

/**
 * G13. Did it matter which arm ran first? Each block holds the pair of arms in both orders: e_b = (difference where the baseline ran first) − (difference where the
 * candidate did). A carry-over from one round to the next shows in the mean of e. What is judged is its certain part, the near end of the 99 % signed-rank
 * interval over the blocks (with few blocks, two standard errors would cry wolf in one run of ten): above 0 with an estimate above half the margin it is worth a
 * caveat, above max(|Δ̂|, m)/2 no verdict.
 */
export const orderEffect = defineGate({
  id: 'G13',
  title: 'the order of the arms did not matter',
  unmeasured: ({ comparisons }) => (comparisons.length === 0 ? ONE_ARM : 'it takes 6 complete blocks with enough requests in every round'),
  find(evidence) {
    const blocks = completeBlocks({ record: evidence, rounds: evidence.rounds });
    return judged(evidence).flatMap(({ baseline, candidate, quantile, estimateMs, marginMs, headline }) => {
      if (!blocks.every((block) => roundsSuffice(block.rounds, quantile))) return [];
      const effects = blocks.map((block) => orderEffectOf(block, baseline, candidate, quantile)).filter((effect) => effect !== null);
      const interval = intervalOf(effects, 0.99);
      if (!interval) return [];
      const effectMs = hodgesLehmann(effects);
      const certain = Math.abs(effectMs) > marginMs / 2 ? certainPart(interval) : 0;
      const detail = `${candidate} against ${baseline} at ${quantileName(quantile)}: the order makes a difference of ${formatMs(Math.abs(effectMs))} ms, at least ${formatMs(certain)} ms of it beyond chance`;
      const finding: Finding = { value: certain, unit: 'ms', warnAbove: 0, failAbove: Math.max(Math.abs(estimateMs), marginMs) / 2, detail, remedy: 'one arm leaves something behind for the next (sockets, sessions, caches): lengthen the washout (load.washout) and the warm-up' };
      return [forVerdict(finding, headline)];
    });
  },
});

/** In the first half of a block one of the two runs first, in its mirror the other. */
function orderEffectOf({ rounds }: Block, baseline: string, candidate: string, quantile: number): number | null {
  const [ofBaseline, ofCandidate] = [baseline, candidate].map((arm) => rounds.filter((round) => round.arm === arm).toSorted((a, b) => a.index - b.index));
  const [b1, b2] = ofBaseline ?? [];
  const [c1, c2] = ofCandidate ?? [];
  if (!b1 || !b2 || !c1 || !c2) return null;
  const first = responseMs(b1, quantile) - responseMs(c1, quantile);
  const second = responseMs(b2, quantile) - responseMs(c2, quantile);
  return b1.index < c1.index ? first - second : second - first;
}
