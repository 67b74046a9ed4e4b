import { formatCount } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { percent } from '../gate-words.js';
import { placeOf, roundsOf } from '../rounds.js';

const REMEDY = 'lower the rate, raise load.maxInFlight or the connections of the arm, or find out why the target does not keep up';

/**
 * G1. Was everything sent that the plan asked for? Per round |sent/planned − 1|: more than 0.1 % is worth a caveat, more than 1 % no verdict (Lancet, ATC'19, allows 10 %).
 * Arms may differ by 0.5 % over all their rounds: beyond that they did not carry the same load.
 */
export const rate = defineGate({
  id: 'G1',
  title: 'sent as planned',
  unmeasured: ({ plan }) => (plan.model === 'closed' ? 'a closed loop plans no rate' : 'no round was measured'),
  find(evidence) {
    if (evidence.plan.model === 'closed') return [];
    const short = (planned: number, sent: number): number => (planned === 0 ? NaN : Math.abs(sent / planned - 1));
    const rounds = evidence.rounds.map((round): Finding => {
      const { planned, sent } = round.requests;
      return { value: 100 * short(planned, sent), unit: '%', warnAbove: 0.1, failAbove: 1, detail: `${placeOf(round)}: ${formatCount(sent)} of ${formatCount(planned)} planned requests were sent`, remedy: REMEDY };
    });
    const shares = evidence.arms.filter((arm) => roundsOf(evidence, arm).length > 0).map(({ name, totals: { requests } }) => ({ name, share: 1 - short(requests.planned, requests.sent) }));
    const [least, ...others] = shares.toSorted((a, b) => a.share - b.share);
    const most = others.at(-1);
    if (!least || !most) return rounds;
    const detail = `${least.name} sent ${percent(least.share)} of what was planned, ${most.name} ${percent(most.share)}`;
    return [...rounds, { value: 100 * (most.share - least.share), unit: '%', failAbove: 0.5, detail, remedy: REMEDY }];
  },
});
