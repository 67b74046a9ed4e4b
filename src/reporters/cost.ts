/** What the connections of an arm cost, beside the time that a user waits. */
import type { ArmResult, Result } from '../result/schema.js';
import { roundsOf } from './facts.js';

export interface Cost {
  /** Spent on TCP and TLS handshakes of the measured windows, in ms for every completed request. */
  readonly handshakeMs: number;
  /** Handshake time as a share of all the time that requests took, 0 to 1. */
  readonly handshakeShare: number;
  /** CPU of the load generator, warm-up included, in ms for every 1,000 requests sent. */
  readonly cpuMsPer1000: number;
  /** Body bytes received for a completed request. */
  readonly bytesIn: number;
  /** Most sockets open at one instant in a round. */
  readonly sockets: number;
  /** Most sockets in TIME_WAIT at the end of a round, of all programs in the network namespace; null where the system does not tell. */
  readonly timeWait: number | null;
}

/** null when no request was completed. */
export function costOf(result: Result, arm: ArmResult): Cost | null {
  const { requests, connections, latencyMs: { connect, tls, response } } = arm.totals;
  if (requests.completed === 0) return null;
  const rounds = roundsOf(result, arm);
  const handshakesMs = connect.mean * connect.count + tls.mean * tls.count;
  const cpuMs = rounds.reduce((sum, { generator }) => sum + generator.cpuMs, 0);
  const waits = rounds.flatMap(({ observed }) => observed?.host.timeWait ?? []);
  return {
    handshakeMs: handshakesMs / requests.completed,
    handshakeShare: response.count === 0 ? 0 : Math.min(1, handshakesMs / (response.mean * response.count)),
    cpuMsPer1000: (1000 * cpuMs) / Math.max(1, requests.sent + requests.warmup.sent),
    bytesIn: requests.bytesIn / requests.completed,
    sockets: connections.peakOpen,
    timeWait: waits.length === 0 ? null : Math.max(...waits),
  };
}
