/** A small round in this process: a client, its books, and exchanges one after another. */
import type { Client, OpenClient } from '../../src/clients/client.js';
import type { ConnectionRules } from '../../src/define.js';
import { checkBooks } from '../../src/engine/books.js';
import { expectedStatuses } from '../../src/engine/status.js';
import { monotonicClock } from '../../src/measure/clock.js';
import { Recorder } from '../../src/measure/recorder.js';
import { Series } from '../../src/measure/series.js';
import { Sample } from '../../src/measure/sample.js';
import type { Endpoint, RequestSpec, Timeouts } from '../../src/net/endpoint.js';
import { Ledger, type Connection } from '../../src/net/ledger.js';
import type { RoundConnections, RoundRequests } from '../../src/result/schema.js';

export interface Plan {
  readonly exchanges: number;
  /** So many exchanges are sent together; the next ones when all of them are over. */
  readonly together?: number;
  /** The first so many belong to the warm-up. */
  readonly warmup?: number;
  /** After every so many exchanges, wait until the client has seen all of its connections end. */
  readonly goneAfter?: number;
  /** After every exchange that is not followed by such a wait. */
  readonly pauseMs?: number;
  /** So many more are sent at the end, and the client is closed before they can be over. */
  readonly cutShort?: number;
  readonly rules?: Partial<ConnectionRules>;
  readonly request?: Partial<RequestSpec>;
  readonly timeouts?: Partial<Timeouts>;
}

export interface Account {
  readonly requests: RoundRequests;
  readonly connections: RoundConnections;
  /** In the order of sending. */
  readonly samples: readonly Readonly<Sample>[];
  /** In the order of ending. */
  readonly ended: readonly Connection[];
}

const RULES: ConnectionRules = { connections: 1, requestsPerConnection: Infinity, restNs: 0, tlsSession: 'none', closeBy: 'client', protocol: 'http/1.1' };
const REQUEST: RequestSpec = { name: 'zoo', method: 'GET', path: '/', headers: {}, body: null, weight: 1 };
const TIMEOUTS: Timeouts = { connectNs: 10e9, responseNs: 10e9, closeNs: 10e9 };
const PATIENCE_MS = 10_000;

/** Carries the plan out and closes the client. @throws TrustError when the books of the round do not balance */
export async function carryOut(client: Client, endpoint: Endpoint, plan: Plan): Promise<Account> {
  const clock = monotonicClock(process.hrtime.bigint());
  const ledger = new Ledger(clock, endpoint.secure);
  const recorder = new Recorder(expectedStatuses(['2xx', '3xx']), new Series(1e9));
  const ended: Connection[] = [];
  let onAllGone = (): void => {};
  ledger.onEnd = (connection) => {
    ended.push(connection);
    if (ledger.underWay === 0) onAllGone();
  };
  const open = client.open({
    endpoint,
    rules: { ...RULES, ...plan.rules },
    requests: [{ ...REQUEST, ...plan.request }],
    timeouts: { ...TIMEOUTS, ...plan.timeouts },
    ledger,
    clock,
  });
  const allGone = (): Promise<void> => (ledger.underWay === 0 ? Promise.resolve() : inTime('the connections to end', (done) => (onAllGone = done)));

  const samples: Sample[] = [];
  const { exchanges, together = 1, warmup = 1, goneAfter = Infinity, pauseMs = 0, cutShort = 0 } = plan;
  for (let n = 0; n < exchanges; n += together) {
    const batch = Array.from({ length: Math.min(together, exchanges - n) }, (_, k) => exchange(open, clock.nowNs(), n + k >= warmup));
    samples.push(...(await Promise.all(batch)));
    if (samples.length % goneAfter === 0) await allGone();
    else if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const cut = Array.from({ length: cutShort }, () => exchange(open, clock.nowNs(), true));
  await inTime('the client to close', (done) => void open.close().then(done));
  samples.push(...(await Promise.all(cut)));

  for (const sample of samples) recorder.record(sample);
  const { requests, histograms, over60s } = recorder.tally();
  const connections = ledger.tally();
  const generator = { cpuMs: 0, loopUtilization: 0, longestTurnMs: 0, over60s };
  checkBooks({ index: 0, block: 0, arm: client.kind, startedAtMs: 0, warmupMs: 0, windowMs: 0, requests, connections, histograms, generator }, endpoint.secure);
  return { requests, connections, samples, ended };
}

function exchange(client: OpenClient, nowNs: number, measured: boolean): Promise<Sample> {
  return inTime('an exchange to be over', (done) => {
    const sample = new Sample();
    sample.done = done;
    sample.begin(0, nowNs, nowNs, measured);
    client.exchange(sample);
  });
}

/** Waits for an event; one that does not come fails the test by name. */
export function inTime<T>(what: string, begin: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
