import { expect, test } from 'vitest';
import { budgetFor, hostOver, readHost, type HostReading } from '../../src/engine/host.js';
import { PauseWatch } from '../../src/engine/pauses.js';
import { clockSkewNs, monotonicClock } from '../../src/measure/clock.js';
import type { Endpoint } from '../../src/net/endpoint.js';

const NOTHING: HostReading = { queuedNs: null, pressureUs: null, throttledUs: null, quotaCores: null, ticks: null, kernel: null, timeWait: null, openFds: null };
const BUDGET = { ports: null, portHeldMs: null, fdLimit: null, openFds: null };
const KERNEL = { activeOpens: 10, estabResets: 1, retransmitted: 5, synRetransmitted: 0, listenOverflows: 0, listenDrops: 0 };

test('a system that tells nothing gives null for everything but its cores', () => {
  const { cores, ...others } = hostOver(NOTHING, NOTHING, 1000, BUDGET);
  expect(cores).toBeGreaterThan(0);
  expect(Object.values(others)).toEqual(Object.keys(others).map(() => null));
});

test('what grew between two readings is given as a share of the time between them', () => {
  const before: HostReading = { ...NOTHING, queuedNs: 1e9, pressureUs: 5e6, throttledUs: 0, ticks: { steal: 10, all: 1000 }, kernel: KERNEL };
  const after: HostReading = { ...NOTHING, queuedNs: 1.5e9, pressureUs: 5.2e6, throttledUs: 1e5, ticks: { steal: 30, all: 1400 }, kernel: { ...KERNEL, activeOpens: 42, retransmitted: 6 }, timeWait: 3 };
  expect(hostOver(before, after, 2000, BUDGET)).toMatchObject({
    queuedShare: 0.25,
    pressureShare: 0.1,
    throttledShare: 0.05,
    stealShare: 0.05,
    kernel: { activeOpens: 32, estabResets: 0, retransmitted: 1 },
    timeWait: 3,
  });
});

test('a thread that ended between the readings cannot make the time negative', () => {
  expect(hostOver({ ...NOTHING, queuedNs: 5 }, { ...NOTHING, queuedNs: 3 }, 1000, BUDGET).queuedShare).toBe(0);
});

test.runIf(process.platform === 'linux')('on Linux the kernel tells its counters, the ports and the limit of files', () => {
  const reading = readHost();
  expect(reading.kernel?.activeOpens).toBeGreaterThanOrEqual(0);
  expect(reading.openFds).toBeGreaterThan(0);
  const { ports, portHeldMs, fdLimit } = budgetFor({ address: '192.0.2.1', socketPath: '', localAddress: ['a', 'b'] } as unknown as Endpoint);
  expect(ports! % 2).toBe(0);
  expect([1000, 60_000]).toContain(portHeldMs);
  expect(fdLimit).toBeGreaterThan(10);
});

test('a unix socket needs no ports', () => {
  expect(budgetFor({ address: '', socketPath: '/run/app.sock', localAddress: [] } as unknown as Endpoint)).toMatchObject({ ports: null, portHeldMs: null });
});

test('a clock that keeps the shared epoch has no skew, and one that is off shows by how much', () => {
  const epoch = process.hrtime.bigint();
  const clock = monotonicClock(epoch);
  expect(clockSkewNs(clock, epoch)).toBeLessThan(50e3);
  const skew = clockSkewNs({ nowNs: () => clock.nowNs() + 5e6 }, epoch);
  expect(skew).toBeGreaterThan(4e6);
  expect(skew).toBeLessThan(5.1e6);
});

test('the pauses of the collector are those of the window', async () => {
  const watch = new PauseWatch();
  const fromMs = performance.now();
  let kept: unknown[] = [];
  for (let i = 0; i < 3e6; i++) {
    if (i % 1e5 === 0) kept = [];
    kept.push({ i });
  }
  const toMs = performance.now();
  await new Promise((done) => setTimeout(done, 5));
  watch.stop();
  const { count, totalMs, longestMs } = watch.within(fromMs, toMs);
  expect(count).toBeGreaterThan(0);
  expect(longestMs.length).toBe(Math.min(32, count));
  expect(longestMs).toEqual(longestMs.toSorted((a, b) => b - a));
  expect(totalMs).toBeGreaterThanOrEqual(longestMs[0]!);
  expect(watch.within(toMs + 1e6, toMs + 2e6)).toEqual({ count: 0, totalMs: 0, longestMs: [] });
});
