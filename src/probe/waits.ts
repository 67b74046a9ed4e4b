/** How long the server keeps connections that carry nothing. */
import type { Ns } from '../define.js';
import type { ProbedWait, ProbeReport } from '../result/probe.js';
import { nsToMs } from '../units.js';
import type { Prober } from './prober.js';
import { Pulse } from './pulse.js';
import type { RawConnection, RawEnd } from './raw.js';
import { OpenFailure } from './socket.js';

/** Connections whose wait is measured: enough to see a spread, and few enough to leave places for the rest of the probe. */
const IDLE_CONNECTIONS = 3;
const UNUSED_CONNECTIONS = 1;

/** One request on each of a few connections, then nothing: from the last byte of the response to the server's end. `resting`: all of them have begun to wait. */
export function idleTimeout(prober: Prober): { readonly resting: Promise<void>; readonly over: Promise<ProbeReport['idle']> } {
  let tell = (): void => {};
  const resting = new Promise<void>((all) => (tell = all));
  return { resting, over: idle(prober, tell).finally(tell) };
}

async function idle(prober: Prober, resting: () => void): Promise<ProbeReport['idle']> {
  let hintSeconds: number | null = null;
  const rest = async (connection: RawConnection, pulse: Pulse, began: () => void): Promise<Waited> => {
    const response = await prober.exchange(connection);
    began();
    if (response === null) return 'the server gave no answer to wait behind';
    if (response.hintTimeoutSeconds >= 0) hintSeconds = response.hintTimeoutSeconds;
    if (response.announced !== '') return 'the server announces the end of every connection after its first response';
    return ended(prober, connection, pulse, response.askedNs, response.doneNs);
  };
  return { ...summary(await sideBySide(IDLE_CONNECTIONS, prober, rest, resting), prober.capNs), hintSeconds };
}

/** A connection, over TLS with the handshake done, that never carries a request. */
export async function unusedTimeout(prober: Prober): Promise<ProbedWait> {
  const waited = await sideBySide(UNUSED_CONNECTIONS, prober, (connection, pulse) => ended(prober, connection, pulse, connection.begunNs, prober.clock.nowNs()));
  return summary(waited, prober.capNs);
}

/** `open` and `dropped` as the last request told; another text says why there was nothing to measure. */
type Waited = Rest | string;

interface Rest {
  readonly how: RawEnd['how'];
  readonly afterNs: Ns;
  /** It can have been no shorter and no longer than this. */
  readonly boundsNs: readonly [Ns, Ns];
}

/** Waits for the end of a rest that began between two instants: before the first the server had no reason to count, at the second we knew of it. */
async function ended(prober: Prober, connection: RawConnection, pulse: Pulse, earliestNs: Ns, noticedNs: Ns): Promise<Waited> {
  const end = await connection.endWithin(prober.capNs);
  if (end !== null) return { how: end.how, afterNs: end.atNs - noticedNs, boundsNs: [Math.max(0, pulse.sinceNs - noticedNs), end.atNs - earliestNs] };
  return (await prober.exchange(connection)) === null ? 'dropped' : 'open';
}

type Wait = (connection: RawConnection, pulse: Pulse, began: () => void) => Promise<Waited>;

/** They wait side by side, and begin one after another: what each of them has to do first, such as a TLS handshake, would make the others late. */
async function sideBySide(count: number, prober: Prober, wait: Wait, resting = (): void => {}): Promise<Waited[]> {
  const pulse = new Pulse(prober.clock);
  const waits: Promise<Waited>[] = [];
  try {
    for (let n = 0; n < count; n++) await new Promise<void>((began) => waits.push(one(prober, (connection) => wait(connection, pulse, began)).finally(began)));
    resting();
    return await Promise.all(waits);
  } finally {
    pulse.stop();
  }
}

async function one(prober: Prober, wait: (connection: RawConnection) => Promise<Waited>): Promise<Waited> {
  try {
    return await prober.with(wait);
  } catch (error) {
    if (error instanceof OpenFailure) return `the connection could not be opened (${error.kind})`;
    throw error;
  }
}

function summary(waited: readonly Waited[], capNs: Ns): ProbedWait {
  const ends = waited.filter((one) => typeof one !== 'string').sort((a, b) => a.afterNs - b.afterNs);
  const others = waited.filter((one) => typeof one === 'string');
  const samplesMs = ends.map(({ afterNs }) => nsToMs(afterNs));
  const boundsMs = ends.map(({ boundsNs: [least, most] }): [number, number] => [nsToMs(least), nsToMs(most)]);
  const capMs = nsToMs(capNs);
  const open = others.filter((one) => one === 'open').length;
  const dropped = others.filter((one) => one === 'dropped').length;
  if (samplesMs.length > 0) {
    const mixed = open + dropped > 0 ? `${open + dropped} of ${waited.length} connections were not closed: several servers behind one name?` : '';
    return { state: 'closes', samplesMs, boundsMs, medianMs: samplesMs[Math.floor((samplesMs.length - 1) / 2)]!, how: ends[0]!.how, capMs, detail: mixed };
  }
  const nothing = { samplesMs, boundsMs, medianMs: null, how: null, capMs };
  if (dropped > 0) return { ...nothing, state: 'dropped', detail: 'no end was seen, and the next request on it got no answer' };
  if (open > 0) return { ...nothing, state: 'stays-open', detail: 'the next request on it was answered' };
  return { ...nothing, state: 'unknown', detail: others[0] ?? '' };
}
