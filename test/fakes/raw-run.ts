/** Runs that never ran: plausible counts whose books balance, and real histograms, for everything that reads a run. */
import { withDefaults, choose, type AnyOptions, type Policy } from '../../src/define.js';
import { Histogram } from '../../src/measure/histogram.js';
import * as policies from '../../src/policies/index.js';
import { randomFrom } from '../../src/random.js';
import type { RawRun } from '../../src/result/journal.js';
import { SCHEMA_VERSION, type ConnectionCounts, type Metric, type Observed, type RequestCounts, type RoundResult, type RunRecord } from '../../src/result/schema.js';
import { NS_PER_MS } from '../../src/units.js';
import { fakeTimeline, type FakeWindow } from './timeline.js';

export interface FakeArm {
  readonly name: string;
  /** Default: the name. */
  readonly policy?: string;
  readonly options?: AnyOptions;
  readonly client?: string;
  /** One response time, in ms; default: 5 ms + exponential 1 ms, and 1 ms more on a fresh connection. */
  readonly responseMs?: (random: () => number, round: FakePlace) => number;
  /** The server closes every connection after this many requests, and announces it. */
  readonly serverClosesAfter?: number;
  /** Requests of each round that ended badly, of each kind. */
  readonly failed?: number;
  readonly aborted?: number;
  readonly shed?: number;
  /** What its rounds saw of themselves and their host, in place of a quiet machine; undefined: nothing. */
  readonly observe?: (observed: Observed, round: FakePlace) => Observed | undefined;
}

export interface FakePlace {
  readonly block: number;
  /** Of all rounds of the run. */
  readonly index: number;
}

export interface FakeRun {
  readonly name: string;
  readonly arms: readonly FakeArm[];
  readonly baseline: string;
  readonly blocks: number;
  /** Arrivals of one measured window. */
  readonly requests: number;
  /** Arrivals of one warm-up. */
  readonly warmup: number;
  readonly url: string;
  readonly expectations: readonly string[];
  readonly seed: number;
  /** How many rounds were run before the interruption; default: all. */
  readonly ended: number;
}

/** Each block runs the arms in order and mirrored: A B B A. The default run: reused against fresh over https, 6 blocks, 500 requests a round. */
export function fakeRun(wanted: Partial<FakeRun> = {}): RawRun {
  const run: FakeRun = {
    name: 'fake',
    arms: [{ name: 'reused' }, { name: 'fresh' }],
    baseline: 'fresh',
    blocks: 6,
    requests: 500,
    warmup: 50,
    url: 'https://127.0.0.1:8443/',
    expectations: [],
    seed: 7,
    ended: Infinity,
    ...wanted,
  };
  const order = Array.from({ length: run.blocks }, () => [...run.arms, ...run.arms.toReversed()]);
  const places = order.flatMap((arms, block) => arms.map((arm) => ({ arm, block })));
  const random = randomFrom(run.seed);
  const rounds = places.slice(0, run.ended).map(({ arm, block }, index) => fakeRound(run, arm, { block, index }, random));
  const complete = rounds.length === places.length;
  return { record: recordOf(run, order), rounds, complete, durationMs: rounds.length * (WARMUP_MS + WINDOW_MS) };
}

const WARMUP_MS = 100;
const WINDOW_MS = 1000;

// ---------------------------------------------------------------------------------------------- one round

function fakeRound(run: FakeRun, arm: FakeArm, place: FakePlace, random: () => number): RoundResult {
  const policy = choose<Policy>(policies, arm.policy ?? arm.name, 'policy');
  const rules = policy.rules(withDefaults(policy.options, arm.options ?? {}));
  const requests = requestCounts(run.requests, arm);
  const warmup = requestCounts(run.warmup, {});
  const share = Math.min(rules.requestsPerConnection, arm.serverClosesAfter ?? Infinity);
  const carried = dealt(requests.sent + warmup.sent, rules.connections, share);
  const early = dealt(warmup.sent, rules.connections, share).length;
  const over = { https: run.url.startsWith('https:'), slots: rules.connections, resumes: rules.tlsSession === 'kept', server: arm.serverClosesAfter !== undefined };
  const warmupConnections = connectionCounts(0, early, over);
  const connections = connectionCounts(early, carried.length, over);
  const { encoded, exchanges, ...seen } = histograms(arm, place, random, requests.completed, connections.opened, over.https);
  const observed = (arm.observe ?? quiet)(observedOf(seen, connections.attempts + warmupConnections.attempts, over.https), place);
  return {
    index: place.index,
    block: place.block,
    arm: arm.name,
    startedAtMs: place.index * (WARMUP_MS + WINDOW_MS),
    warmupMs: WARMUP_MS,
    windowMs: WINDOW_MS,
    requests: { ...requests, warmup },
    connections: {
      ...connections,
      warmup: warmupConnections,
      peakOpen: Math.min(rules.connections, carried.length),
      peakNeeded: Math.min(rules.connections, carried.length, 12),
      requestsPerConnection: tallied(carried),
    },
    histograms: encoded,
    generator: { cpuMs: 210, loopUtilization: 0.31, longestTurnMs: 1.2, over60s: 0 },
    ...(observed && { observed }),
    ...fakeTimeline({ windowMs: WINDOW_MS, requests, connections, slots: Math.min(12, rules.connections), completed: exchanges, secure: over.https, strip: place.index < run.arms.length }),
  };
}

const quiet = (observed: Observed): Observed => observed;

/** A machine with nothing else to do. */
function observedOf(seen: Pick<Observed, 'served' | 'halves' | 'exchangesMs'>, attempts: number, https: boolean): Observed {
  return {
    elapsedMs: WARMUP_MS + WINDOW_MS + 20,
    served: seen.served,
    halves: seen.halves,
    inFlightMs: seen.exchangesMs,
    exchangesMs: seen.exchangesMs,
    stalledMs: 0,
    gc: { count: 2, totalMs: 0.2, longestMs: [0.12, 0.08] },
    clockSkewUs: 0.4,
    tls: https ? ['TLSv1.3 TLS_AES_256_GCM_SHA384'] : [],
    host: {
      cores: 4,
      queuedShare: 0.002,
      pressureShare: 0.01,
      throttledShare: 0,
      stealShare: 0,
      kernel: { activeOpens: attempts, estabResets: 0, retransmitted: 0, synRetransmitted: 0, listenOverflows: 0, listenDrops: 0 },
      timeWait: 12,
      ports: 28_232,
      portHeldMs: 1000,
      openFds: 24,
      fdLimit: 20_000,
    },
  };
}

function requestCounts(planned: number, { failed = 0, aborted = 0, shed = 0 }: Pick<FakeArm, 'failed' | 'aborted' | 'shed'>): RequestCounts {
  const sent = planned - aborted - shed;
  const completed = sent - failed;
  const failures = { ...(failed > 0 && { 'response-timeout': failed }), ...(aborted > 0 && { 'connect-timeout': aborted }) };
  return { planned, sent, completed, failed, shed, aborted, failures, statuses: completed > 0 ? { '200': completed } : {}, bytesIn: completed * 112 };
}

/** How many requests each connection carries: dealt evenly where connections are kept, `share` at a time where they are not. */
function dealt(requests: number, slots: number, share: number): number[] {
  const opened = share === Infinity ? Math.min(slots, requests) : Math.ceil(requests / share);
  return Array.from({ length: opened }, (_, i) =>
    share === Infinity ? Math.floor(requests / opened) + (i < requests % opened ? 1 : 0) : Math.min(share, requests - i * share),
  );
}

interface Over {
  readonly https: boolean;
  readonly slots: number;
  readonly resumes: boolean;
  readonly server: boolean;
}

/** The connections from ordinal `from` to before `to`: the first of each slot is initial and its handshake full. All close in the part they opened in. */
function connectionCounts(from: number, to: number, { https, slots, resumes, server }: Over): ConnectionCounts {
  const opened = to - from;
  const initial = Math.max(0, Math.min(to, slots) - from);
  const later = opened - initial;
  const full = resumes ? initial : opened;
  const why = server ? 'server-announced-close/max-requests' : 'policy';
  return {
    attempts: opened,
    connectFailed: 0,
    opened,
    tlsFull: https ? full : 0,
    tlsResumed: https ? opened - full : 0,
    tlsFailed: 0,
    closed: opened,
    closedBy: opened > 0 ? { [later > 0 ? why : 'round-end']: opened } : {},
    openedBecause: { ...(initial > 0 && { initial }), ...(later > 0 && { [why]: later }) },
  };
}

function tallied(carried: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const requests of carried) counts[requests] = (counts[requests] ?? 0) + 1;
  return counts;
}

function histograms(arm: FakeArm, place: FakePlace, random: () => number, completed: number, opened: number, https: boolean): Pick<Observed, 'served' | 'halves' | 'exchangesMs'> & { encoded: RoundResult['histograms']; exchanges: FakeWindow['completed'] } {
  const all: Record<Metric, Histogram> = {
    response: Histogram.empty(),
    service: Histogram.empty(),
    wait: Histogram.empty(),
    late: Histogram.empty(),
    connect: Histogram.empty(),
    tls: Histogram.empty(),
  };
  const [served, firstHalf, secondHalf] = [Histogram.empty(), Histogram.empty(), Histogram.empty()];
  const paysAlways = opened >= completed;
  const responseMs = arm.responseMs ?? ((draw) => 5 + exponential(draw) + (paysAlways ? 1 : 0));
  const exchanges: { response: number; late: number; wait: number }[] = [];
  for (let i = 0; i < completed; i++) {
    const response = Math.round(responseMs(random, place) * NS_PER_MS);
    const late = Math.round(exponential(random) * 0.02 * NS_PER_MS);
    const wait = Math.round((paysAlways ? 0.4 : 0.01) * response);
    exchanges.push({ response, late, wait });
    all.response.record(response);
    (i < completed / 2 ? firstHalf : secondHalf).record(response);
    served.record(Math.max(0, response - late));
    all.late.record(late);
    all.wait.record(wait);
    all.service.record(Math.max(0, response - late - wait));
  }
  for (let i = 0; i < opened; i++) {
    all.connect.record(Math.round((0.1 + 0.05 * random()) * NS_PER_MS));
    if (https) all.tls.record(Math.round((0.8 + 0.2 * random()) * NS_PER_MS));
  }
  const half = (histogram: Histogram): Observed['halves']['first'] => ({ count: histogram.count, p50Ms: histogram.quantileNs(0.5) / NS_PER_MS });
  return {
    exchanges,
    encoded: {
      response: all.response.encode(),
      service: all.service.encode(),
      wait: all.wait.encode(),
      late: all.late.encode(),
      connect: all.connect.encode(),
      tls: all.tls.encode(),
    },
    served: { p50Ms: served.quantileNs(0.5) / NS_PER_MS, p99Ms: served.quantileNs(0.99) / NS_PER_MS },
    halves: { first: half(firstHalf), second: half(secondHalf) },
    exchangesMs: served.sum / NS_PER_MS,
  };
}

/** Exponential with mean 1. */
export function exponential(random: () => number): number {
  return -Math.log(1 - random());
}

// ---------------------------------------------------------------------------------------------- the record

const SETTINGS = {
  governors: ['performance'],
  openFiles: { soft: 20_000, hard: 1_048_576 },
  cpuQuota: null,
  sysctl: { 'net.ipv4.ip_local_port_range': '32768 60999', 'net.ipv4.tcp_tw_reuse': '2', 'net.core.somaxconn': '4096' },
};

function recordOf(run: FakeRun, order: readonly (readonly FakeArm[])[]): RunRecord {
  const url = new URL(run.url);
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'sameconn', version: '0.1.0', node: '20.20.2', undici: '7.30.2', openssl: '3.0.17' },
    run: { id: 'fake-0001', name: run.name, startedAt: '2026-01-02T03:04:05.000Z', seed: run.seed, command: ['sameconn', 'run', run.url] },
    environment: { os: 'Linux', kernel: '6.1.0', cpu: 'Imaginary 3000', cores: 4, memoryBytes: 8 * 2 ** 30, hostname: 'fake', settings: SETTINGS },
    plan: {
      pacer: 'poisson',
      model: 'open',
      options: { rate: run.requests / (WINDOW_MS / 1000) },
      pacing: 'hybrid',
      blocks: run.blocks,
      order: order.map((arms) => arms.map((arm) => arm.name)),
      warmupMs: WARMUP_MS,
      windowMs: WINDOW_MS,
      workers: 1,
      maxInFlight: 1000,
      timeoutsMs: { connect: 5000, response: 30_000, close: 1000 },
      baseline: run.baseline,
      expectStatus: ['2xx'],
      notes: [],
    },
    target: {
      url: run.url,
      requests: [{ name: 'get', method: 'GET', path: url.pathname, weight: 1, bodyBytes: 0 }],
      headers: {},
      address: url.hostname,
      family: 4,
      tls: url.protocol === 'https:' ? { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', servername: 'localhost', verified: true } : null,
    },
    arms: run.arms.map(({ name, policy = name, options = {}, client = 'undici' }) => ({
      name,
      policy,
      options: withDefaults(choose<Policy>(policies, policy, 'policy').options, options) as RunRecord['arms'][number]['options'],
      client,
    })),
    expectations: [...run.expectations],
  };
}
