import type { RoundResult } from '../../result/schema.js';
import { formatCount, formatDuration, NS_PER_MS } from '../../units.js';
import { defineGate, type Finding } from '../findings.js';
import { placeOf } from '../rounds.js';

const REMEDY = 'end connections with a reset (options.closeBy: reset), connect from several addresses (target.localAddress: a list), or lower the rate';

/**
 * G8. Were there local ports enough? A connection that we close first keeps its port for 60 s in TIME_WAIT (1 s where tcp_tw_reuse lets it be taken again:
 * always with 1, on loopback with 2). The most that were held in any such stretch of the run, of those that the range and the source addresses give: above
 * 70 % is worth a caveat; a connection that found none (EADDRNOTAVAIL) is no verdict. What needs more than there are is refused before the start.
 */
export const ports = defineGate({
  id: 'G8',
  title: 'there were local ports enough',
  unmeasured: ({ target }) => (target.address.startsWith('unix:') ? 'a unix socket needs no ports' : 'this system does not tell its port range'),
  find({ rounds, arms }) {
    const resets = new Set(arms.filter(({ options }) => options['closeBy'] === 'reset').map(({ name }) => name));
    return rounds.map((round): Finding => {
      const exhausted = exhaustions(round);
      if (exhausted > 0) return { value: exhausted, unit: 'failures', failAbove: 0, detail: `${placeOf(round)}: ${formatCount(exhausted)} times there was no local port to connect from (EADDRNOTAVAIL)`, remedy: REMEDY };
      const { ports, portHeldMs } = round.observed?.host ?? {};
      if (ports == null || portHeldMs == null) return { value: NaN, unit: '', detail: '', remedy: '' };
      const held = heldUpTo(round, rounds.filter(({ arm }) => !resets.has(arm)), portHeldMs);
      const detail = `${placeOf(round)}: about ${formatCount(held)} of ${formatCount(ports)} local ports were taken (${formatDuration(portHeldMs * NS_PER_MS)} each)`;
      return { value: (100 * held) / ports, unit: '% of the ports', warnAbove: 70, detail, remedy: REMEDY };
    });
  },
});

function exhaustions({ requests }: RoundResult): number {
  return (requests.failures['ports-exhausted'] ?? 0) + (requests.warmup.failures['ports-exhausted'] ?? 0);
}

/** Ports in use at the end of a round: its open connections, and those that we closed first within the holding time. */
function heldUpTo(last: RoundResult, rounds: readonly RoundResult[], heldMs: number): number {
  const endMs = endOf(last);
  const closed = rounds.filter((round) => round.startedAtMs <= last.startedAtMs).reduce((sum, round) => {
    const overlapMs = endOf(round) - Math.max(round.startedAtMs, endMs - heldMs);
    return sum + closedFirst(round) * Math.max(0, Math.min(1, overlapMs / (endOf(round) - round.startedAtMs)));
  }, 0);
  return closed + last.connections.peakOpen;
}

function endOf({ startedAtMs, warmupMs, windowMs }: RoundResult): number {
  return startedAtMs + warmupMs + windowMs;
}

/** Ends that leave TIME_WAIT on our side: all but those that the other end began. */
function closedFirst({ connections }: RoundResult): number {
  const ours = (label: string): boolean => /\/client|^round-end|^local-timeout|^protocol-error|^early-response|^body-lost|never-closed/.test(label);
  return [connections.closedBy, connections.warmup.closedBy].flatMap((counts) => Object.entries(counts)).reduce((sum, [label, count]) => sum + (ours(label) ? count : 0), 0);
}
