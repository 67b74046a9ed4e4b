/** Results that no run gave: one for every shape that a reporter must be able to draw. */
import { analyze } from '../../src/analysis/analyze.js';
import type { Observed, Result } from '../../src/result/schema.js';
import { MANIFOLD } from './probe.js';
import { exponential, fakeRun, type FakeArm, type FakePlace, type FakeRun } from './raw-run.js';

/** A response around a base, with a tail; in ms. */
const around = (base: number, spread: number) => (random: () => number): number => base + spread * exponential(random) + (random() < 0.004 ? 6 * base * random() : 0);

/** The same, but every round has a mood of its own: up to half of `swing` more or less. */
const unsteady = (base: number, swing: number) => (random: () => number, { index }: FakePlace): number => around(base + swing * (((index * 7) % 11) / 10 - 0.5), 0.3)(random);

const REUSED: FakeArm = { name: 'reused', options: { connections: 16 }, client: 'wire', responseMs: around(0.42, 0.12) };
const FRESH: FakeArm = { name: 'fresh', options: { connections: 64 }, client: 'wire', responseMs: around(3.9, 0.6) };
const RESUMED: FakeArm = { name: 'resumed', options: { connections: 64 }, client: 'wire', responseMs: around(2.1, 0.4) };
const CAPPED: FakeArm = { name: 'capped', options: { connections: 16, requests: 100 }, client: 'wire', responseMs: around(0.6, 0.3) };

const BY_UNDICI: FakeArm = { ...REUSED, name: 'reused-by-undici', policy: 'reused', client: 'undici' };
const RESTING: FakeArm = { ...REUSED, name: 'idle-gap', options: { connections: 16, gap: 2e9 } };

const STAGING = 'https://staging.example.test:8443/items?page=2';

function drawn(wanted: Partial<FakeRun>): Result {
  return analyze(fakeRun({ name: 'checkout on staging', url: STAGING, requests: 400, warmup: 60, ...wanted }));
}

/** What a stranger could write where a name, a URL, a header or a message may stand. */
export const HOSTILE = {
  markup: '</script><svg onload="alert(1)"><img src=x onerror=alert(1)>',
  table: '|a|b| `code` @somebody #12 **bold** [link](javascript:alert(1))',
  marks: 'abc\u202edef\u2066\u200f\u0000\u001b[31mred\u0007',
  long: `begin${'x'.repeat(10_000)}end`,
  wide: '接続 🔌 соединение اتصال',
} as const;

/** Fixtures by name; each is made once, when it is first asked for. */
export const fixtures = {
  'single-arm': () => drawn({ arms: [REUSED], baseline: 'reused', blocks: 2 }),
  'two-arms': () => drawn({ arms: [REUSED, FRESH], requests: 200 }),
  'three-arms': () => drawn({ arms: [REUSED, FRESH, RESUMED], expectations: ['reused.opened <= 32', 'fresh - reused at p50 > 1ms', 'failures = 0'] }),
  'four-arms': () => drawn({ arms: [REUSED, FRESH, RESUMED, CAPPED], blocks: 2 }),
  'six-arms': () => drawn({ arms: [REUSED, FRESH, RESUMED, CAPPED, BY_UNDICI, RESTING], blocks: 2 }),
  'no-rounds': () => drawn({ arms: [REUSED, FRESH], ended: 0 }),
  'no-arms': () => ({ ...drawn({ arms: [REUSED], baseline: 'reused', ended: 0 }), arms: [] }),
  'broken-promise': () => drawn({ arms: [{ ...REUSED, serverClosesAfter: 10, responseMs: around(0.9, 0.5) }, FRESH], blocks: 2, expectations: ['reused.opened <= 32'] }),
  'all-errors': () => drawn({ arms: [{ ...REUSED, failed: 400 }, { ...FRESH, failed: 300, aborted: 60, shed: 40 }], blocks: 2 }),
  'no-tls': () => drawn({ arms: [REUSED, FRESH], url: 'http://127.0.0.1:8080/', blocks: 2 }),
  partial: () => drawn({ arms: [REUSED, FRESH, RESUMED], ended: 7 }),
  'faster-small': () => drawn({ arms: [{ ...REUSED, responseMs: around(1.88, 0.12) }, { ...FRESH, responseMs: around(2, 0.12) }], requests: 300 }),
  slower: () => drawn({ arms: [{ ...REUSED, responseMs: around(5.2, 0.8) }, FRESH], requests: 300 }),
  same: () => drawn({ arms: [{ ...REUSED, responseMs: around(3.9, 0.6) }, FRESH], requests: 600 }),
  'cannot-tell': () => drawn({ arms: [{ ...REUSED, responseMs: unsteady(4, 1) }, { ...FRESH, responseMs: unsteady(4.3, 1) }], requests: 200 }),
  untrustworthy: () => untrustworthy(),
  'four-failed-checks': () => drawn({ arms: [{ ...REUSED, failed: 150 }, { ...FRESH, failed: 90, shed: 60, observe: overloaded }, { ...RESUMED, observe: overloaded }], requests: 300 }),
  'long-times': () => drawn({ arms: [{ ...REUSED, responseMs: around(9_000, 4_000) }, { ...FRESH, responseMs: around(20_000, 9_000) }], blocks: 2 }),
  unicode: () => drawn({ name: '結帳-زيارة-🔌', arms: [{ ...REUSED, name: HOSTILE.wide, policy: 'reused' }, { ...FRESH, name: 'frisch – “jedes Mal”', policy: 'fresh' }], baseline: 'frisch – “jedes Mal”', blocks: 2 }),
  'without-slices': () => withoutSlices(),
  probed: () => ({ ...drawn({ arms: [REUSED, FRESH], blocks: 2 }), probe: MANIFOLD }),
  hostile: () => hostile(),
} as const satisfies Record<string, () => Result>;

export type FixtureName = keyof typeof fixtures;

const made = new Map<FixtureName, Result>();

export function fixture(name: FixtureName): Result {
  const result = made.get(name) ?? fixtures[name]();
  made.set(name, result);
  return result;
}

/** A generator without a core to itself, with a loop that stood still. */
function overloaded(observed: Observed): Observed {
  return { ...observed, stalledMs: 400, clockSkewUs: 900, host: { ...observed.host, queuedShare: 0.9, throttledShare: 0.4, stealShare: 0.3, openFds: 19_990 } };
}

function untrustworthy(): Result {
  const result = fixture('two-arms');
  return {
    ...result,
    gates: [
      { id: 'rate', title: 'sent as planned', state: 'pass', value: 0.04, limit: 1, unit: '%', detail: 'every round sent what it planned', remedy: '' },
      { id: 'lag', title: 'generator on time', state: 'fail', value: 6.2, limit: 1.4, unit: 'ms', detail: 'it dispatched late at p99', remedy: 'lower the rate or add workers' },
      { id: 'loop', title: 'event loop has room', state: 'warn', value: 88, limit: 85, unit: '%', detail: 'the busiest worker', remedy: 'add workers' },
      { id: 'witness', title: 'second witness', state: 'not-measured', value: null, limit: 0, unit: 'connections', detail: 'the server was not ours', remedy: '' },
    ],
    verdict: { state: 'untrustworthy', sentence: 'No verdict: generator on time (it dispatched late at p99). Fix: lower the rate or add workers.' },
  };
}

/** As files of version 1.0 are: nothing by time, no connection by itself. */
function withoutSlices(): Result {
  const result = fixture('two-arms');
  return { ...result, schemaVersion: '1.0.0', rounds: result.rounds.map(({ series: _series, strip: _strip, ...round }) => round) };
}

/** Hostile text in every place that holds a string of the user's or of the other end's. */
function hostile(): Result {
  const { markup, table, marks, long, wide } = HOSTILE;
  const arms: FakeArm[] = [
    { ...REUSED, name: markup, policy: 'reused' },
    { ...FRESH, name: table, policy: 'fresh', failed: 3 },
    { ...RESUMED, name: marks, policy: 'resumed' },
    { ...CAPPED, name: long, policy: 'capped' },
    { ...REUSED, name: wide, policy: 'reused' },
  ];
  const result = drawn({ name: markup, arms, baseline: table, blocks: 2 });
  return {
    ...result,
    run: { ...result.run, id: markup, startedAt: markup, scenario: { file: markup, sha256: table, commit: long }, command: ['sameconn', 'run', markup, table, marks, long, `it's`] },
    tool: { ...result.tool, version: markup, node: table, undici: marks, openssl: long },
    environment: { ...result.environment, os: markup, kernel: table, cpu: long, hostname: marks, settings: { governors: [markup, long], openFiles: { soft: null, hard: 7 }, cpuQuota: 1.5, sysctl: { [markup]: table, [long]: marks } } },
    plan: { ...result.plan, pacer: markup, options: { [table]: markup, [markup]: long }, notes: [markup, table, marks, long], expectStatus: [markup] },
    probe: { ...MANIFOLD, url: markup, address: table, server: long, advice: [markup, table, marks, long], backends: { ...MANIFOLD.backends, fields: [{ name: markup, values: [table, marks, long, wide] }] } },
    target: {
      ...result.target,
      url: `https://example.test/${long}`,
      address: markup,
      headers: { [markup]: table, [table]: long, 'x-marks': marks },
      requests: [{ name: markup, method: table, path: `/${markup}`, weight: 1, bodyBytes: 0 }, { name: long, method: marks, path: long, weight: 2, bodyBytes: 7 }],
      tls: { protocol: markup, cipher: table, servername: long, verified: false },
    },
    arms: result.arms.map((arm) => ({
      ...arm,
      policy: arm.name === markup ? markup : arm.policy,
      client: wide,
      options: { ...arm.options, [markup]: table, [long]: marks },
      promise: { ...arm.promise, held: false, broken: 1, sentence: `${markup} ${table} ${long}` },
      totals: {
        ...arm.totals,
        requests: { ...arm.totals.requests, failures: { ...arm.totals.requests.failures, [markup]: 2, constructor: 1 }, statuses: { ...arm.totals.requests.statuses, [table]: 1 } },
        connections: { ...arm.totals.connections, openedBecause: { ...arm.totals.connections.openedBecause, [markup]: 1, [long]: 1 }, closedBy: { [table]: 3, toString: 1 } },
      },
    })),
    gates: [
      { id: markup, title: markup, state: 'fail', value: 3, limit: 1, unit: markup, detail: table, remedy: long },
      { id: table, title: long, state: 'warn', value: null, limit: null, unit: '', detail: marks, remedy: '' },
    ],
    verdict: { state: 'untrustworthy', sentence: `${markup} ${table} ${marks} ${long}` },
    expectations: [{ text: markup, state: 'failed', detail: long }, { text: long, state: 'cannot-tell', detail: table }, { text: wide, state: 'met', detail: marks }],
  };
}
