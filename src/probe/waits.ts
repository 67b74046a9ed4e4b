/** How long the server keeps connections that carry nothing. */
import type { Ns } from '../define.js';
import type { ProbedWait, ProbeReport } from '../result/probe.js';
import { nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import { OpenFailure, type RawConnection, type RawEnd } from './raw.js';

/** Connections whose wait is measured: enough to see a spread, and few enough to leave places for the rest of the probe. */
const IDLE_CONNECTIONS = 3;
const UNUSED_CONNECTIONS = 2;

/** One request on each of a few connections, then nothing: from the last byte of the response to the server's end. */
export async function idleTimeout(prober: Prober, resting: Resting): Promise<ProbeReport['idle']> {
  let hintSeconds: number | null = null;
  const waited = await together(IDLE_CONNECTIONS, prober, async (connection) => {
    const response = await prober.exchange(connection);
    resting.one();
    if (response === null) return 'the server gave no answer to wait behind';
    if (response.hintTimeoutSeconds >= 0) hintSeconds = response.hintTimeoutSeconds;
    if (response.announced !== '') return 'the server announces the end of every connection after its first response';
    const end = await connection.endWithin(prober.capNs);
    if (end !== null) return { end, afterNs: end.atNs - response.doneNs };
    return (await prober.exchange(connection)) === null ? 'dropped' : 'open';
  }, () => resting.one());
  return { ...summary(waited, prober.capNs), hintSeconds };
}

/** Tells when all idle connections have begun to wait. */
export class Resting {
  readonly all: Promise<void>;
  #done!: () => void;
  #left = IDLE_CONNECTIONS;

  constructor() {
    this.all = new Promise((done) => (this.#done = done));
  }

  one(): void {
    if (--this.#left === 0) this.#done();
  }
}

/** Connections, over TLS with the handshake done, that never carry a request. */
export async function unusedTimeout(prober: Prober): Promise<ProbedWait> {
  const waited = await together(UNUSED_CONNECTIONS, prober, async (connection) => {
    const beganNs = prober.clock.nowNs();
    const end = await connection.endWithin(prober.capNs);
    if (end !== null) return { end, afterNs: end.atNs - beganNs };
    return (await prober.exchange(connection)) === null ? 'dropped' : 'open';
  });
  return summary(waited, prober.capNs);
}

/** `open` and `dropped` as the last request told; another text says why there was nothing to measure. */
type Waited = { readonly end: RawEnd; readonly afterNs: Ns } | string;

function together(count: number, prober: Prober, wait: (connection: RawConnection) => Promise<Waited>, onFailure = (): void => {}): Promise<Waited[]> {
  const one = async (): Promise<Waited> => {
    try {
      return await prober.with(wait);
    } catch (error) {
      if (error instanceof OpenFailure) {
        onFailure();
        return `the connection could not be opened (${error.kind})`;
      }
      throw error;
    }
  };
  return Promise.all(Array.from({ length: count }, one));
}

function summary(waited: readonly Waited[], capNs: Ns): ProbedWait {
  const ends = waited.filter((one) => typeof one !== 'string');
  const others = waited.filter((one) => typeof one === 'string');
  const samplesMs = ends.map(({ afterNs }) => nsToMs(afterNs)).sort((a, b) => a - b);
  const capMs = nsToMs(capNs);
  const open = others.filter((one) => one === 'open').length;
  const dropped = others.filter((one) => one === 'dropped').length;
  if (samplesMs.length > 0) {
    const mixed = open + dropped > 0 ? `${open + dropped} of ${waited.length} connections were not closed: several servers behind one name?` : '';
    return { state: 'closes', samplesMs, medianMs: samplesMs[Math.floor((samplesMs.length - 1) / 2)]!, how: ends[0]!.end.how, capMs, detail: mixed };
  }
  const nothing = { samplesMs, medianMs: null, how: null, capMs };
  if (dropped > 0) return { ...nothing, state: 'dropped', detail: 'no end was seen, and the next request on it got no answer' };
  if (open > 0) return { ...nothing, state: 'stays-open', detail: 'the next request on it was answered' };
  return { ...nothing, state: 'unknown', detail: others[0] ?? '' };
}
