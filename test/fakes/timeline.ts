/** The slices and the strip of a fake round: real recorders, fed with exchanges that never were. */
import { Sample } from '../../src/measure/sample.js';
import { Series, seriesResult } from '../../src/measure/series.js';
import { Strip, type Stripped } from '../../src/measure/strip.js';
import type { ConnectionCounts, RequestCounts, RoundResult } from '../../src/result/schema.js';
import { NS_PER_MS } from '../../src/units.js';

export interface FakeWindow {
  readonly windowMs: number;
  readonly requests: RequestCounts;
  /** Of the window alone. */
  readonly connections: ConnectionCounts;
  readonly slots: number;
  /** The exchanges that were completed, in ns. */
  readonly completed: readonly { readonly response: number; readonly late: number; readonly wait: number }[];
  readonly secure: boolean;
  /** It is the first round of its arm. */
  readonly strip: boolean;
}

/** Arrivals are evenly spread; those that did not complete come last, and each took 50 ms. */
export function fakeTimeline(window: FakeWindow): Pick<RoundResult, 'series' | 'strip'> {
  const { requests, connections, windowMs, completed } = window;
  const series = new Series(windowMs * NS_PER_MS);
  const strip = new Strip(0, windowMs * NS_PER_MS);
  series.begin(0);
  const step = (windowMs * NS_PER_MS) / Math.max(1, requests.planned);
  const each = connections.opened >= requests.completed;
  const kept = Array.from({ length: window.slots }, () => new FakeConnection(-80 * NS_PER_MS, window.secure));
  const free = kept.map(() => 0);
  for (let i = 0; i < requests.planned; i++) {
    const intendedNs = i * step;
    const times = completed[i] ?? { response: 50 * NS_PER_MS, late: 0, wait: 0 };
    if (i >= requests.sent + requests.aborted) {
      series.shed(intendedNs);
      continue;
    }
    const sample = new Sample();
    sample.begin(0, intendedNs, intendedNs + times.late, true);
    sample.sentNs = i < requests.sent ? sample.dispatchedNs + times.wait : -1;
    sample.doneNs = intendedNs + times.response;
    sample.failure = i < requests.completed ? '' : 'response-timeout';
    series.inFlight(i % 4, (i % 4) + 1, sample.dispatchedNs);
    series.record(sample);
    const slot = free.findIndex((untilNs) => untilNs <= sample.dispatchedNs);
    const connection = each ? new FakeConnection(sample.dispatchedNs, window.secure) : kept[Math.max(0, slot)]!;
    if (slot >= 0) free[slot] = sample.doneNs;
    if (each) strip.begun(connection);
    if (sample.sentNs >= 0) strip.sent(connection, sample.sentNs);
    if (connection.request >= 0) strip.done(connection, sample.doneNs);
    if (each) connection.endedNs = sample.doneNs + 0.05 * NS_PER_MS;
  }
  for (let i = 0; i < connections.opened; i++) {
    const atNs = (i / connections.opened) * windowMs * NS_PER_MS;
    series.opened(atNs);
    if (i < connections.tlsFull + connections.tlsResumed) series.secured(atNs, i >= connections.tlsFull);
  }
  return { series: seriesResult(series.tally()), ...(window.strip && { strip: strip.result(1) }) };
}

class FakeConnection implements Stripped {
  readonly connectedNs: number;
  readonly securedNs: number;
  readonly resumed = false;
  endedNs = -1;
  row = -1;
  request = -1;

  constructor(readonly attemptNs: number, secure: boolean) {
    this.connectedNs = attemptNs + 0.1 * NS_PER_MS;
    this.securedNs = secure ? attemptNs + 0.9 * NS_PER_MS : -1;
  }
}
