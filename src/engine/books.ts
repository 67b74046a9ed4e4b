/** Books that balance: the identities that hold for every round, whatever the target did. */
import { TrustError } from '../errors.js';
import type { ConnectionCounts, RequestCounts, RoundResult } from '../result/schema.js';

/** @throws TrustError when a count of the round contradicts another: a bug of ours, never a result */
export function checkBooks(round: RoundResult, secure: boolean): void {
  const { requests, connections } = round;
  const wrong = [
    ...requestBooks(requests, 'window'),
    ...requestBooks(requests.warmup, 'warm-up'),
    ...connectionBooks(connections, secure, 'window'),
    ...connectionBooks(connections.warmup, secure, 'warm-up'),
    ...differ('requests over connections', 'sent', carried(connections.requestsPerConnection), requests.sent + requests.warmup.sent),
    ...differ('connections by requests', 'opened', sum(connections.requestsPerConnection), connections.opened + connections.warmup.opened),
    ...(connections.idle ? differ('idle gaps', 'requests on used connections', connections.idle.beforeReuse.count, onUsedConnections(connections.requestsPerConnection)) : []),
    ...differ('service times', 'completed', round.histograms.service.count, requests.completed),
    ...(round.series ? SLICED.flatMap((count) => differ(`slices: ${count}`, count, sum(round.series![count]), requests[count])) : []),
  ];
  if (wrong.length > 0) throw new TrustError(`the books of round ${round.index + 1} (${round.arm}) do not balance: ${wrong.join('; ')}. This is a bug of sameconn; please report it`);
}

const SLICED = ['planned', 'sent', 'completed', 'failed', 'shed'] as const;

function requestBooks(counts: RequestCounts, part: string): string[] {
  return [
    ...differ(`${part}: planned`, 'sent + shed + aborted', counts.planned, counts.sent + counts.shed + counts.aborted),
    ...differ(`${part}: sent`, 'completed + failed', counts.sent, counts.completed + counts.failed),
    ...differ(`${part}: failures by kind`, 'failed + aborted', sum(counts.failures), counts.failed + counts.aborted),
  ];
}

function connectionBooks(counts: ConnectionCounts, secure: boolean, part: string): string[] {
  return [
    ...differ(`${part}: attempts`, 'opened + connectFailed', counts.attempts, counts.opened + counts.connectFailed),
    ...differ(`${part}: reasons`, 'attempts', sum(counts.openedBecause), counts.attempts),
    ...differ(`${part}: opened`, 'closed', counts.opened, counts.closed),
    ...differ(`${part}: closed by`, 'closed', sum(counts.closedBy), counts.closed),
    ...(secure ? differ(`${part}: TLS full + resumed + failed`, 'opened', counts.tlsFull + counts.tlsResumed + counts.tlsFailed, counts.opened) : []),
  ];
}

function differ(left: string, right: string, a: number, b: number): string[] {
  return a === b ? [] : [`${left} ${a} ≠ ${right} ${b}`];
}

function sum(counts: Readonly<Record<string, number>> | readonly number[]): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function carried(requestsPerConnection: Readonly<Record<string, number>>): number {
  return Object.entries(requestsPerConnection).reduce((total, [requests, connections]) => total + Number(requests) * connections, 0);
}

function onUsedConnections(requestsPerConnection: Readonly<Record<string, number>>): number {
  return Object.entries(requestsPerConnection).reduce((total, [requests, connections]) => total + Math.max(0, Number(requests) - 1) * connections, 0);
}
