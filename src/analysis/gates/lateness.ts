import type { ArmResult } from '../../result/schema.js';
import { formatMs, quantileName } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { hodgesLehmann } from '../intervals.js';
import type { Evidence } from '../gate.js';
import { NO_OBSERVATION } from '../gate-words.js';
import { armsOf, forVerdict, judged, observedRounds, responseMs } from '../rounds.js';

const REMEDY = 'lower the rate, add workers, or give the generator cores of its own';

/**
 * G2. Is the generator's own lateness small beside what it compares? Three parts:
 * - late at p99 of an arm above 1 ms is worth a caveat.
 * - What lateness adds to a compared quantile, g(p) = Q_response(p) − Q_served(p) with served = done − dispatched, taken round by round and located as the difference
 *   itself is, by Hodges and Lehmann: above max(m/2, 25 % of |Δ̂|) there is no verdict. One round in which the host stood still bends neither.
 * - What it adds to one arm and not to the other, |g_a(p) − g_b(p)|: above max(0.25 ms, 10 % of |Δ̂|) there is no verdict. Asked of g and not of late itself,
 *   since an arm whose handshakes keep the generator busy is late more often, and only what reaches the compared quantile can bend the comparison.
 */
export const lateness = defineGate({
  id: 'G2',
  title: 'the generator was on time',
  unmeasured: ({ rounds }) => (rounds.length === 0 ? 'no round was measured' : NO_OBSERVATION),
  find(evidence) {
    const observed = evidence.arms.length > 0 && evidence.arms.every((arm) => observedRounds(evidence, arm).length > 0);
    if (!observed) return [];
    const late = evidence.arms.filter(({ totals }) => totals.latencyMs.late.count > 0).map(({ name, totals: { latencyMs } }): Finding => (
      { value: latencyMs.late.p99, unit: 'ms', warnAbove: 1, detail: `${name}: late by ${formatMs(latencyMs.late.p99)} ms at p99`, remedy: REMEDY }
    ));
    return [...late, ...judged(evidence).flatMap((comparison) => {
      const { quantile, estimateMs, marginMs, headline } = comparison;
      const [a, b] = armsOf(evidence, comparison);
      if (!a || !b) return [];
      const [own, other] = [contribution(evidence, a, quantile), contribution(evidence, b, quantile)];
      const [worst, mostMs] = own > other ? [a, own] : [b, other];
      const at = quantileName(quantile);
      const part: Finding = {
        value: mostMs,
        unit: 'ms',
        failAbove: Math.max(marginMs / 2, Math.abs(estimateMs) / 4),
        detail: `${worst.name}: lateness adds ${formatMs(mostMs)} ms to the response at ${at}, where the difference is ${formatMs(estimateMs)} ms`,
        remedy: REMEDY,
      };
      const bias: Finding = {
        value: Math.abs(own - other),
        unit: 'ms',
        failAbove: Math.max(0.25, Math.abs(estimateMs) / 10),
        detail: `lateness adds ${formatMs(own)} ms to ${a.name} and ${formatMs(other)} ms to ${b.name} at ${at}`,
        remedy: REMEDY,
      };
      return [forVerdict(part, headline), forVerdict(bias, headline)];
    })];
  },
});

/** What lateness adds to the quantile of a round, in ms. */
function contribution(evidence: Evidence, arm: ArmResult, quantile: number): number {
  const added = observedRounds(evidence, arm).filter(({ requests }) => requests.completed > 0).map((round) => {
    const { p50Ms, p99Ms } = round.observed.served;
    return Math.max(0, responseMs(round, quantile) - (quantile === 0.5 ? p50Ms : p99Ms));
  });
  return added.length === 0 ? 0 : hodgesLehmann(added);
}
