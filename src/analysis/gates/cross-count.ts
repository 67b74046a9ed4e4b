import type { RoundResult } from '../../result/schema.js';
import { formatCount } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { placeOf } from '../rounds.js';

/**
 * G17. Did the kernel count the connections that we did? TcpActiveOpens over a round against the connections begun in it: fewer by the kernel's count is no verdict,
 * since we then claim connections that were not there. More says that other programs of this network namespace connected too: such a round proves nothing either
 * way, and without an equal round in every arm the gate is not measured. Attempts that failed before their SYN may be missing from the kernel's count.
 */
export const crossCount = defineGate({
  id: 'G17',
  title: 'the kernel counted the same connections',
  unmeasured: ({ target, rounds }) => {
    if (target.address.startsWith('unix:')) return 'the kernel does not count connections to a unix socket';
    return rounds.some(({ observed }) => observed?.host.kernel) ? 'other programs in this network namespace connected at the same time' : "the kernel's TCP counters cannot be read here";
  },
  find({ rounds, target }) {
    if (target.address.startsWith('unix:')) return [];
    const counted = rounds.filter(({ observed }) => observed?.host.kernel != null).map((round) => ({ round, kernel: round.observed?.host.kernel?.activeOpens ?? NaN }));
    const missed = counted.filter(({ round, kernel }) => kernel < leastOf(round));
    const equal = counted.filter(({ round, kernel }) => kernel >= leastOf(round) && kernel <= attemptsOf(round));
    const proven = [...new Set(rounds.map(({ arm }) => arm))].every((arm) => equal.some(({ round }) => round.arm === arm));
    const shown = missed.length > 0 ? missed : proven ? equal : [];
    return shown.map(({ round, kernel }): Finding => ({
      value: Math.max(0, leastOf(round) - kernel),
      unit: 'connections',
      failAbove: 0,
      detail: `${placeOf(round)}: we began ${formatCount(attemptsOf(round))} connections, the kernel ${formatCount(kernel)}${missed.length === 0 ? `; equal in ${equal.length} of ${rounds.length} rounds` : ''}`,
      remedy: 'this is a bug of sameconn: please report it with the result file',
    }));
  },
});

/** Connections begun in a round, warm-up included. */
export function attemptsOf({ connections }: RoundResult): number {
  return connections.attempts + connections.warmup.attempts;
}

function leastOf({ connections }: RoundResult): number {
  return connections.opened + connections.warmup.opened;
}
