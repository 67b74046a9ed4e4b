import type { ArmResult } from '../../result/schema.js';
import { formatCount, quantileName } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { highestJudged, observedRounds, type ObservedRound } from '../rounds.js';
import { attemptsOf } from './cross-count.js';

/**
 * G11. Did the network lose anything? Segments sent again and connections that a listener here dropped, by the kernel's counters over the rounds of an arm: any is
 * worth a caveat. A lost SYN costs its connection 1 s, straight into the tail: above n(1 − p)/10 of them, p the highest compared quantile, there is no verdict.
 * The counters are those of the whole network namespace: where other programs connected too (see G17), losses cannot be laid at this run's door, and stay a caveat.
 */
export const network = defineGate({
  id: 'G11',
  title: 'the network lost nothing',
  unmeasured: () => "the kernel's TCP counters cannot be read here",
  find: (evidence) => evidence.arms.flatMap((arm) => {
    const rounds = observedRounds(evidence, arm).filter(({ observed }) => observed.host.kernel !== null);
    return rounds.length === 0 ? [] : findings(arm, rounds, highestJudged(evidence, arm));
  }),
});

function findings({ name, totals }: ArmResult, rounds: readonly ObservedRound[], quantile: number): Finding[] {
  type Counter = keyof NonNullable<ObservedRound['observed']['host']['kernel']>;
  const total = (counter: Counter): number => rounds.reduce((sum, { observed }) => sum + (observed.host.kernel?.[counter] ?? 0), 0);
  const alone = total('activeOpens') <= rounds.reduce((sum, round) => sum + attemptsOf(round), 0);
  const others = alone ? '' : ' in this network namespace, which other programs used too';
  const limit = (totals.requests.sent * (1 - quantile)) / 10;
  const lost = (counter: Counter, what: string, remedy: string): Finding => ({ value: total(counter), unit: 'events', warnAbove: 0, detail: `${name}: ${formatCount(total(counter))} ${what}${others}`, remedy });
  const syns = lost('synRetransmitted', `SYNs were sent again (each costs 1 s; judged at ${quantileName(quantile)})`, "look for lost packets, a firewall's limit or a full accept queue between here and the target");
  return [
    alone ? { ...syns, failAbove: limit } : syns,
    lost('retransmitted', 'segments were sent again', 'look for lost packets between here and the target'),
    lost('listenOverflows', 'connections met a full accept queue on this machine', 'raise the backlog of the target and net.core.somaxconn'),
    lost('listenDrops', 'connections were dropped by a listener on this machine', 'raise the backlog of the target and net.core.somaxconn'),
  ];
}
