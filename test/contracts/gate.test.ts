/** What every gate of the list must do: pass on a clean run, say so when it was not measured, and fire on its own provocation. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import * as gates from '../../src/analysis/gates/index.js';
import type { RawRun } from '../../src/result/journal.js';
import type { GateOutcome, HostObservation, Observed, Result, RoundResult } from '../../src/result/schema.js';
import { exponential, fakeRun, type FakeArm, type FakePlace, type FakeRun } from '../fakes/raw-run.js';

type Id = `G${number}`;

const ids = Object.values(gates).map(({ id }) => id).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))) as Id[];

const checked = (raw: RawRun): readonly GateOutcome[] => analyze(raw).gates;
const outcome = (raw: RawRun, id: Id): GateOutcome => checked(raw).find((gate) => gate.id === id)!;

// ---------------------------------------------------------------------------------------------- the provocations

/** The run in which something went wrong in the reused arm alone; the fresh arm stays as it was. */
const inReused = (changes: Partial<FakeArm>, run: Partial<FakeRun> = {}): RawRun => fakeRun({ arms: [{ name: 'reused', ...changes }, { name: 'fresh' }], ...run });
const observing = (change: (observed: Observed, place: FakePlace) => Partial<Observed>): RawRun => inReused({ observe: (observed, place) => ({ ...observed, ...change(observed, place) }) });
const onHost = (change: Partial<HostObservation>): RawRun => observing(({ host }) => ({ host: { ...host, ...change } }));
const inRounds = (change: (round: RoundResult) => RoundResult, raw: RawRun = fakeRun()): RawRun => ({ ...raw, rounds: raw.rounds.map(change) });
const ofReused = (change: (round: RoundResult) => RoundResult) => (round: RoundResult): RoundResult => (round.arm === 'reused' ? change(round) : round);

/** Response times that depend on where in the run a round was, the same for both arms. */
const shaped = (baseMs: (place: FakePlace) => number): RawRun => {
  const responseMs = (random: () => number, place: FakePlace): number => baseMs(place) + 0.2 * exponential(random);
  return fakeRun({ arms: [{ name: 'reused', responseMs }, { name: 'fresh', responseMs }] });
};

interface Provocation {
  readonly id: Id;
  readonly what: string;
  readonly raw: () => RawRun;
  readonly state: 'warn' | 'fail';
  /** What the detail must name. */
  readonly says: RegExp;
}

const PROVOCATIONS: readonly Provocation[] = [
  { id: 'G1', what: 'a tenth of the requests is shed', raw: () => inReused({ shed: 50 }), state: 'fail', says: /reused sent 90 % of what was planned, fresh 100 %/ },
  { id: 'G1', what: 'one request in 500 is shed', raw: () => inReused({ shed: 1 }), state: 'warn', says: /499 of 500/ },
  { id: 'G2', what: 'late at p99 is 3 ms', raw: () => lateBy(3), state: 'warn', says: /reused: late by 3\.\d+ ms at p99/ },
  { id: 'G2', what: 'lateness adds 2 ms to every response', raw: () => observing(({ served }) => ({ served: { p50Ms: served.p50Ms - 2, p99Ms: served.p99Ms - 2 } })), state: 'fail', says: /lateness adds 2\.\d+ ms/ },
  { id: 'G3', what: 'two requests of 500 time out', raw: () => inReused({ failed: 2 }), state: 'warn', says: /reused: 24 of 6,000/ },
  { id: 'G3', what: 'one request in a hundred times out, and p99 is reported', raw: () => inReused({ failed: 20 }, { requests: 2000 }), state: 'fail', says: /p99 is > timeout, not judged/ },
  { id: 'G4', what: 'every fiftieth request of one arm fails', raw: () => inReused({ failed: 10 }), state: 'fail', says: /reused failed in 2 % and fresh in 0 %/ },
  { id: 'G4', what: 'one request of a run fails', raw: () => inRounds((round) => (round.index === 0 ? withFailure(round) : round)), state: 'warn', says: /1 of 6,000/ },
  { id: 'G4', what: 'every fiftieth request of the only arm fails', raw: () => fakeRun({ arms: [{ name: 'reused', failed: 10 }], baseline: 'reused' }), state: 'fail', says: /reused: 120 of 6,000 requests failed \(2 %, mostly: response-timeout/ },
  { id: 'G4', what: 'the arms differ by 0.8 %', raw: () => inReused({ failed: 4 }), state: 'fail', says: /reused failed in 0\.8 % and fresh in 0 %/ },
  { id: 'G5', what: 'the loop is away for half a second of each window', raw: () => observing(() => ({ stalledMs: 500 })), state: 'fail', says: /reused: stalls took 6000 ms, 50 %/ },
  { id: 'G5', what: 'the loop is away for 40 ms', raw: () => inRounds(ofReused((round) => ({ ...round, generator: { ...round.generator, longestTurnMs: 40 } }))), state: 'warn', says: /away for 40\.0 ms/ },
  { id: 'G5', what: 'the loop is busy for 97 % with timer pacing', raw: () => timerPaced(0.97), state: 'fail', says: /busy for 97 %/ },
  { id: 'G6', what: 'the generator takes 90 % of the cores', raw: () => inRounds((round) => ({ ...round, generator: { ...round.generator, cpuMs: 0.9 * 4 * 1120 } })), state: 'warn', says: /90 % of the cores/ },
  { id: 'G6', what: 'the generator takes 90 % of the one core that a quota allows', raw: () => inRounds((round) => ({ ...round, generator: { ...round.generator, cpuMs: 0.9 * 1120 }, observed: { ...round.observed!, host: { ...round.observed!.host, quotaCores: 1 } } })), state: 'warn', says: /90 % of the cores that its CPU quota allows/ },
  { id: 'G6', what: 'a quota throttles', raw: () => onHost({ throttledShare: 0.3 }), state: 'fail', says: /quota held the generator back for 30 %/ },
  { id: 'G6', what: 'others take the cores', raw: () => onHost({ pressureShare: 0.6, queuedShare: 0.4 }), state: 'fail', says: /waited for a core for 40 %/ },
  { id: 'G6', what: 'the hypervisor steals', raw: () => onHost({ stealShare: 0.08 }), state: 'fail', says: /8 % of the cores' time to others/ },
  { id: 'G7', what: 'collections take 12 ms, ten in each window', raw: () => observing(() => ({ gc: { count: 10, totalMs: 120, longestMs: Array<number>(10).fill(12) } })), state: 'fail', says: /120 collections took longer/ },
  { id: 'G7', what: 'one collection takes 25 ms', raw: () => observing((_, { index }) => (index === 0 ? { gc: { count: 1, totalMs: 25, longestMs: [25] } } : {})), state: 'warn', says: /25\.0 ms/ },
  { id: 'G8', what: 'connections find no port', raw: () => failingFor('ports-exhausted'), state: 'fail', says: /no local port/ },
  { id: 'G8', what: 'most ports are in TIME_WAIT', raw: () => inRounds((round) => ({ ...round, connections: { ...round.connections, closedBy: { 'policy/client': 400 } } }), fakeRun({ arms: holdingPorts })), state: 'warn', says: /of 3,000 local ports/ },
  { id: 'G9', what: 'no file can be opened', raw: () => failingFor('fds-exhausted'), state: 'fail', says: /EMFILE/ },
  { id: 'G9', what: 'the limit is near', raw: () => onHost({ fdLimit: 64, openFds: 24 }), state: 'warn', says: /of 64 file descriptors/ },
  { id: 'G10', what: 'the server closes after 10 requests', raw: () => inReused({ serverClosesAfter: 10 }), state: 'fail', says: /the server said that it would close the one before.*the server's doing; the arm did not reuse/ },
  { id: 'G10', what: 'the fresh arm opens one connection too few', raw: () => inRounds((round) => (round.arm === 'fresh' && round.index === 1 ? oneFewer(round) : round)), state: 'fail', says: /fresh: 6,599 connections for 6,600 requests/ },
  { id: 'G10', what: 'the server resumes no session', raw: () => inRounds(allFull, fakeRun({ arms: [{ name: 'resumed' }, { name: 'fresh' }] })), state: 'fail', says: /were full, where they should be resumed/ },
  { id: 'G11', what: 'segments are sent again', raw: () => kernel({ retransmitted: 3 }), state: 'warn', says: /36 segments were sent again/ },
  { id: 'G11', what: 'SYNs are lost', raw: () => kernel({ synRetransmitted: 60 }), state: 'fail', says: /720 SYNs were sent again/ },
  { id: 'G12', what: 'the second half of every window is slower', raw: () => observing(({ halves }) => ({ halves: { ...halves, second: { ...halves.second, p50Ms: halves.first.p50Ms + 2 } } })), state: 'fail', says: /second half of the window is 2\.00 ms above/ },
  { id: 'G12', what: 'the target becomes slower from round to round', raw: () => shaped(({ index }) => 5 + index / 4), state: 'warn', says: /p50 drifted by 5\.\d+ ms over the run/ },
  { id: 'G13', what: 'the arm that runs second in a pair pays for the first', raw: () => shaped(({ index }) => (index % 2 === 1 ? 7 : 5)), state: 'fail', says: /the order makes a difference of 4\.\d+ ms|the order makes a difference of 3\.9\d+ ms/ },
  { id: 'G14', what: 'a clock is off by 2 ms', raw: () => observing(() => ({ clockSkewUs: 2000 })), state: 'fail', says: /off by 2000 µs/ },
  { id: 'G14', what: 'a clock is off by 80 µs', raw: () => observing(() => ({ clockSkewUs: 80 })), state: 'warn', says: /off by 80\.0 µs/ },
  { id: 'G15', what: 'one arm gets other statuses', raw: () => inRounds(ofReused((round) => ({ ...round, requests: { ...round.requests, statuses: { '200': 300, '204': 200 } } }))), state: 'warn', says: /reused got status (200|204)/ },
  { id: 'G15', what: 'one arm gets longer responses', raw: () => inRounds(ofReused((round) => ({ ...round, requests: { ...round.requests, bytesIn: 2 * round.requests.bytesIn } }))), state: 'warn', says: /224 bytes in reused and 112 in fresh/ },
  { id: 'G15', what: 'one arm speaks another TLS', raw: () => observing(() => ({ tls: ['TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256'] })), state: 'fail', says: /TLSv1\.2.*fresh spoke TLSv1\.3/ },
  { id: 'G16', what: 'an exchange is lost from one of the books', raw: () => observing(({ exchangesMs }) => ({ inFlightMs: 1.05 * exchangesMs })), state: 'fail', says: /4\.\d+ % apart|5 % apart/ },
  { id: 'G17', what: 'the kernel counts fewer connections than we do', raw: () => kernel({ activeOpens: 3 }), state: 'fail', says: /we began 32 connections, the kernel 3/ },
  { id: 'G18', what: 'an arm differs from itself by more than from the other', raw: () => noisy(), state: 'warn', says: /differs from itself by ± [\d.]+ ms/ },
  { id: 'G18', what: 'a difference is claimed that is smaller than the noise', raw: () => claiming(), state: 'fail', says: /differs from itself by/ },
];

test('what is wrong with a pair that the verdict does not speak of is a caveat, not the end of the verdict', () => {
  const bent = { name: 'resumed', observe: (observed: Observed) => ({ ...observed, served: { p50Ms: observed.served.p50Ms - 2, p99Ms: observed.served.p99Ms - 2 } }) };
  const result = analyze(fakeRun({ arms: [{ name: 'reused' }, { name: 'fresh' }, bent] }));
  expect(result.gates.find(({ id }) => id === 'G2')).toMatchObject({ state: 'warn', detail: expect.stringMatching(/^resumed.*the verdict does not rest on it/) as string });
  expect(result.verdict.state).not.toBe('untrustworthy');
});

function lateBy(ms: number): RawRun {
  return inRounds(ofReused((round) => ({ ...round, histograms: { ...round.histograms, late: { ...round.histograms.response } } })), inReused({ responseMs: (random) => ms + 0.01 * random() }));
}

function withFailure(round: RoundResult): RoundResult {
  const { requests } = round;
  return { ...round, requests: { ...requests, completed: requests.completed - 1, failed: 1, failures: { reset: 1 } } };
}

function timerPaced(loopUtilization: number): RawRun {
  const raw = inRounds((round) => ({ ...round, generator: { ...round.generator, loopUtilization } }));
  return { ...raw, record: { ...raw.record, plan: { ...raw.record.plan, pacing: 'timer' } } };
}

function failingFor(kind: string): RawRun {
  return inRounds(ofReused((round) => ({ ...round, requests: { ...round.requests, failures: { [kind]: 4 } } })));
}

const holdingPorts = (['reused', 'fresh'] as const).map((name): FakeArm => ({
  name,
  observe: (observed) => ({ ...observed, host: { ...observed.host, ports: 3000, portHeldMs: 60_000 } }),
}));

function oneFewer(round: RoundResult): RoundResult {
  const { connections } = round;
  return { ...round, connections: { ...connections, opened: connections.opened - 1 } };
}

function allFull(round: RoundResult): RoundResult {
  const full = <T extends { tlsFull: number; tlsResumed: number }>(part: T): T => ({ ...part, tlsFull: part.tlsFull + part.tlsResumed, tlsResumed: 0 });
  return { ...round, connections: { ...full(round.connections), warmup: full(round.connections.warmup) } };
}

function kernel(change: Partial<NonNullable<HostObservation['kernel']>>): RawRun {
  return observing(({ host }) => ({ host: { ...host, kernel: { ...host.kernel!, ...change } } }));
}

/** Each round has a speed of its own, whatever its arm. */
function noisy(): RawRun {
  return shaped(({ index }) => 5 + ((index * 7) % 11) / 2);
}

/** In each block one round of reused is far off, up or down, and its other one makes up for it: the block values agree, and the arm does not agree with itself. */
function claiming(): RawRun {
  const responseMs = (random: () => number, { index, block }: FakePlace): number => 8 + 0.01 * random() + (index % 4 === 0 ? 1 : -1) * (block % 2 === 0 ? 3 : -3);
  return fakeRun({ arms: [{ name: 'reused', responseMs }, { name: 'fresh', responseMs: (random) => 8.5 + 0.01 * random() }] });
}

// ---------------------------------------------------------------------------------------------- the contract

test('the gates are G1 to G18, each once', () => {
  expect(ids).toEqual(Array.from({ length: 18 }, (_, index) => `G${index + 1}`));
  expect(checked(fakeRun()).map(({ id }) => id)).toEqual(ids);
});

test('every gate has its provocation', () => {
  expect([...new Set(PROVOCATIONS.map(({ id }) => id))].sort()).toEqual([...ids].sort());
});

describe.each(Object.entries(gates))('the gate %s', (_, { id, title }) => {
  test('has a title that is a sentence about the run', () => {
    expect(title).toMatch(/^[a-z].{8,60}[a-z]$/);
  });

  test('passes on a clean run, with a value within its limit', () => {
    const gate = outcome(fakeRun(), id as Id);
    expect(gate, gate.detail).toMatchObject({ state: 'pass', title, remedy: '' });
    expect(gate.value).toBeLessThanOrEqual(gate.limit!);
  });

  test('passes for other seeds and for three arms', () => {
    for (const seed of [1, 2, 3, 4]) {
      const gate = outcome(fakeRun({ seed, arms: [{ name: 'reused' }, { name: 'fresh' }, { name: 'resumed' }], requests: 600 }), id as Id);
      expect(gate.state, gate.detail).toBe('pass');
    }
  });

  test('says not-measured of a run without rounds, and why', () => {
    const gate = outcome(fakeRun({ ended: 0 }), id as Id);
    expect(gate).toMatchObject({ state: 'not-measured', value: null, limit: null, remedy: '' });
    expect(gate.detail.length).toBeGreaterThan(10);
  });
});

const OBSERVING: readonly Id[] = ['G2', 'G5', 'G6', 'G7', 'G8', 'G9', 'G11', 'G12', 'G14', 'G16', 'G17'];

test.each(OBSERVING)('%s says not-measured when its observation is absent', (id) => {
  const gate = outcome(fakeRun({ arms: [{ name: 'reused', observe: () => undefined }, { name: 'fresh', observe: () => undefined }] }), id);
  expect(gate).toMatchObject({ state: 'not-measured', value: null, limit: null });
});

test.each(['G6', 'G8', 'G9', 'G11', 'G17'] as const)('%s measures what a system tells, and never passes on what it does not', (id) => {
  const mute = (observed: Observed): Observed => ({
    ...observed,
    host: { cores: 4, queuedShare: null, pressureShare: null, throttledShare: null, stealShare: null, kernel: null, timeWait: null, ports: null, portHeldMs: null, openFds: null, fdLimit: null },
  });
  const gate = outcome(fakeRun({ arms: [{ name: 'reused', observe: mute }, { name: 'fresh', observe: mute }] }), id);
  expect(gate.state).toBe(id === 'G6' ? 'pass' : 'not-measured'); // of the processor, the use of the cores is always known
});

test.each(['G13', 'G15', 'G18'] as const)('%s is not measured with a single arm', (id) => {
  expect(outcome(fakeRun({ arms: [{ name: 'reused' }], baseline: 'reused' }), id)).toMatchObject({ state: 'not-measured', detail: expect.stringMatching(/compared/) as string });
});

test('with a single arm the others pass', () => {
  const others = checked(fakeRun({ arms: [{ name: 'reused' }], baseline: 'reused' })).filter(({ id }) => !['G13', 'G15', 'G18'].includes(id));
  expect(others.filter(({ state }) => state !== 'pass')).toEqual([]);
});

describe.each(PROVOCATIONS)('$id, when $what', ({ id, raw, state, says }) => {
  const result: Result = analyze(raw());
  const gate = result.gates.find((one) => one.id === id)!;

  test(`says ${state}, where it was and what to do`, () => {
    expect(gate.state, gate.detail).toBe(state);
    expect(gate.detail).toMatch(says);
    expect(gate.remedy.length).toBeGreaterThan(15);
    expect(gate.value).toBeGreaterThan(gate.limit!);
    expect(gate.unit).not.toMatch(/undefined/);
  });

  test('leaves no hole in the words of any gate', () => {
    for (const { title, detail, remedy, unit, value, limit, state: outcome } of result.gates) {
      expect(`${title} ${detail} ${remedy} ${unit}`).not.toMatch(/NaN|undefined|Infinity|\bnull\b|object Object/);
      if (outcome !== 'not-measured') expect(Number.isFinite(value) && Number.isFinite(limit)).toBe(true);
      expect(remedy === '').toBe(outcome === 'pass' || outcome === 'not-measured');
    }
  });

  test(state === 'fail' ? 'leaves no verdict' : 'leaves the verdict to the others', () => {
    if (state === 'fail') expect(result.verdict.state).toBe('untrustworthy');
    else expect(result.gates.find((one) => one.id === id)!.state).not.toBe('fail');
  });
});
