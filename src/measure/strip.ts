/** The first moments of a window, connection by connection: what the report draws as a strip for every connection. */
import type { Ns } from '../define.js';
import type { RoundStrip } from '../result/schema.js';
import { nsToMs, NS_PER_S } from '../units.js';

/** The instants of a connection, and the exchange on it that the strip follows; −1: not yet, or none. */
export interface Stripped {
  readonly attemptNs: Ns;
  readonly connectedNs: Ns;
  readonly securedNs: Ns;
  readonly endedNs: Ns;
  readonly resumed: boolean;
  /** Its row in the strip. */
  row: number;
  /** The request under way, as the strip counts them. */
  request: number;
}

const STRIP_NS = 2 * NS_PER_S;
const ROWS = 40;
const REQUESTS = 600;

/**
 * Follows every connection from an instant on for 2 s, or until 40 connections or 600 requests have been seen: complete up to `untilNs`.
 * All memory is taken at the start; once it is full, a request costs one comparison.
 */
export class Strip {
  /** From here on nothing new is entered. */
  untilNs: Ns;
  readonly #connections: Stripped[] = [];
  readonly #rows = new Uint8Array(REQUESTS);
  readonly #sentNs = new Float64Array(REQUESTS);
  readonly #doneNs = new Float64Array(REQUESTS).fill(-1);
  #requests = 0;

  constructor(
    private readonly fromNs: Ns,
    windowNs: Ns,
  ) {
    this.untilNs = fromNs + Math.min(windowNs, STRIP_NS);
  }

  /** A connection is begun. */
  begun(connection: Stripped): void {
    const { attemptNs } = connection;
    if (attemptNs >= this.fromNs && attemptNs < this.untilNs) this.#enter(connection, attemptNs);
  }

  /** The head of a request was written. */
  sent(connection: Stripped, nowNs: Ns): void {
    if (nowNs < this.fromNs || nowNs >= this.untilNs) return;
    if (connection.row < 0 && !this.#enter(connection, nowNs)) return;
    if (this.#requests === REQUESTS) {
      this.untilNs = nowNs;
      return;
    }
    connection.request = this.#requests;
    this.#rows[this.#requests] = connection.row;
    this.#sentNs[this.#requests++] = nowNs;
  }

  /** The request that the strip follows on this connection is over. */
  done(connection: Stripped, nowNs: Ns): void {
    this.#doneNs[connection.request] = nowNs;
    connection.request = -1;
  }

  /** In the words of the result, in ms from the start of the window. */
  result(workers: number): RoundStrip {
    const ms = (ns: Ns): number => Math.round((ns - this.fromNs) / 1e3) / 1e3;
    const until = nsToMs(this.untilNs - this.fromNs);
    const seen = (ns: Ns): number | null => (ns < 0 || ns > this.untilNs ? null : ms(ns));
    return {
      untilMs: Math.round(until * 1e3) / 1e3,
      workers,
      connections: this.#connections.map((connection, row) => {
        const own = Array.from(this.#rows.subarray(0, this.#requests).keys()).filter((request) => this.#rows[request] === row);
        return {
          begunMs: ms(connection.attemptNs),
          connectedMs: seen(connection.connectedNs),
          securedMs: seen(connection.securedNs),
          resumed: connection.resumed,
          endedMs: seen(connection.endedNs),
          sentMs: own.map((request) => ms(this.#sentNs[request]!)),
          doneMs: own.map((request) => seen(this.#doneNs[request]!)),
        };
      }),
    };
  }

  #enter(connection: Stripped, atNs: Ns): boolean {
    if (this.#connections.length === ROWS) {
      this.untilNs = atNs;
      return false;
    }
    connection.row = this.#connections.length;
    this.#connections.push(connection);
    return true;
  }
}
