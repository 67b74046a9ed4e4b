/**
 * Carries what records through everything that can happen to it, once in each thread and before anything is measured.
 *
 * V8 compiles for what it has seen. What comes for the first time in the midst of a run (the first exchange of the window, the first of each slice, a failure among
 * thousands of successes) throws the compiled code away, and a request that is due while it is compiled anew leaves late: 1 % of all by 2 ms or more at 20,000/s,
 * before this was done.
 */
import type { Ns } from '../define.js';
import { Recorder } from '../measure/recorder.js';
import { Sample } from '../measure/sample.js';
import { Series } from '../measure/series.js';
import { Strip } from '../measure/strip.js';
import { Ledger, type Connection } from '../net/ledger.js';
import { NS_PER_MS } from '../units.js';
import { expectedStatuses } from './status.js';

export function rehearse(): void {
  if (rehearsed) return;
  rehearsed = true;
  for (const secure of [false, true]) new Rehearsal(secure).run();
}

let rehearsed = false;

const EXCHANGES = 4000;
const WINDOW_NS = 400 * NS_PER_MS;
/** The window in the middle of the time that is played. */
const FROM_NS = WINDOW_NS / 4;
const STEP_NS = (1.5 * WINDOW_NS) / EXCHANGES;

class Rehearsal {
  #nowNs: Ns = 0;
  readonly #series = new Series(WINDOW_NS);
  readonly #recorder = new Recorder(expectedStatuses(['200']), this.#series);
  readonly #ledger: Ledger;
  readonly #strip = new Strip(FROM_NS, WINDOW_NS);
  readonly #sample = new Sample();

  constructor(private readonly secure: boolean) {
    this.#ledger = new Ledger({ nowNs: () => this.#nowNs }, secure);
    this.#ledger.series = this.#series;
    this.#ledger.strip = this.#strip;
    this.#series.begin(FROM_NS);
    this.#recorder.middleNs = FROM_NS + WINDOW_NS / 2;
  }

  run(): void {
    let connection: Connection | null = null;
    for (let n = 0; n < EXCHANGES; n++) {
      this.#nowNs += STEP_NS;
      if (n % 97 === 0) this.#recorder.shed(this.#nowNs, this.#measured);
      if (connection === null || connection.ended) connection = this.#opened(connection, n);
      this.#exchange(connection, n);
      if (n % 3 === 0 || connection.failure !== '') this.#close(connection, n);
    }
  }

  get #measured(): boolean {
    return this.#nowNs >= FROM_NS;
  }

  #opened(predecessor: Connection | null, n: number): Connection {
    const connection = this.#ledger.begin(this.#measured, predecessor);
    if (n % 41 === 0) {
      connection.failure = 'connect-refused';
      return connection;
    }
    this.#ledger.connected(connection);
    if (this.secure) this.#ledger.secured(connection, n % 2 === 0);
    return connection;
  }

  #exchange(connection: Connection, n: number): void {
    const sample = this.#sample;
    const sent = connection.failure === '';
    sample.begin(0, this.#nowNs, this.#nowNs + (n % 7) * 1e3, this.#measured);
    this.#series.inFlight(0, 1, this.#nowNs);
    if (sent) {
      sample.sentNs = sample.dispatchedNs + 2e3;
      sample.firstByteNs = sample.sentNs + (n % 1000) * 1e3;
      sample.status = n % 31 === 0 ? 503 : 200;
      sample.bytesIn = 12;
      sample.ordinal = ++connection.carried;
      if (sample.ordinal === 1) {
        sample.connectNs = 30e3;
        if (this.secure) sample.tlsNs = 1e6;
      } else this.#ledger.reused(connection, sample.sentNs);
      this.#strip.sent(connection, sample.sentNs);
    }
    sample.doneNs = sample.dispatchedNs + 5e3 + (n % 1000) * 1e3;
    if (!sent || n % 29 === 0) sample.failure = sent ? 'reset' : connection.failure;
    else connection.completed++;
    connection.idleSinceNs = sample.doneNs;
    connection.phase = 'idle';
    if (connection.request >= 0) this.#strip.done(connection, sample.doneNs);
    this.#series.inFlight(1, 0, sample.doneNs);
    this.#recorder.record(sample);
  }

  #close(connection: Connection, n: number): void {
    if (n % 2 === 0) connection.endLocally('policy');
    if (n % 5 === 0) connection.peerEnded(n % 10 === 0 ? 'eof' : 'reset');
    this.#ledger.ended(connection);
  }
}
