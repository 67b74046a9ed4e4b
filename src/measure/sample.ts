import type { Ns } from '../define.js';

/**
 * One exchange: the five instants and what happened. Used again and again from a free list, so nothing may keep one after its `done`.
 * Law: intended ≤ dispatched ≤ sent ≤ firstByte ≤ done.
 */
export class Sample {
  /** When the plan wanted the request to leave. */
  intendedNs: Ns = 0;
  /** When the drive handed it to the client. */
  dispatchedNs: Ns = 0;
  /** When its head was written; −1 if it never was. */
  sentNs: Ns = -1;
  /** First byte of the response; −1 if none came. */
  firstByteNs: Ns = -1;
  /** Last byte of the response, or the moment of failure. */
  doneNs: Ns = 0;
  /** Index into the round's requests. */
  request = 0;
  /** Inside the measured window; false: warm-up. */
  measured = false;
  status = 0;
  bytesIn = 0;
  /** How many requests its connection had carried when this one was sent, itself included: 1 paid for the handshake. */
  ordinal = 0;
  /** TCP connect time that this exchange paid for; −1 if it paid none. */
  connectNs: Ns = -1;
  /** TLS handshake time that this exchange paid for; −1 if it paid none. */
  tlsNs: Ns = -1;
  /** Kind of failure (net/failures.ts), or ''. */
  failure = '';
  /** Called once, when the exchange is over. */
  done: (sample: Sample) => void = nobody;
  /** Intrusive list: the free list, or the queue of those that wait for a connection. */
  next: Sample | null = null;

  begin(request: number, intendedNs: Ns, dispatchedNs: Ns, measured: boolean): void {
    this.intendedNs = intendedNs;
    this.dispatchedNs = dispatchedNs;
    this.sentNs = -1;
    this.firstByteNs = -1;
    this.doneNs = 0;
    this.request = request;
    this.measured = measured;
    this.status = 0;
    this.bytesIn = 0;
    this.ordinal = 0;
    this.connectNs = -1;
    this.tlsNs = -1;
    this.failure = '';
    this.next = null;
  }
}

function nobody(): void {}
