import { describe, expect, test } from 'vitest';
import { Arrivals } from '../../src/engine/arrivals.js';
import { Drive, type DriveLoad } from '../../src/engine/drive.js';
import { expectedStatuses } from '../../src/engine/status.js';
import { Histogram } from '../../src/measure/histogram.js';
import { Recorder } from '../../src/measure/recorder.js';
import { Series } from '../../src/measure/series.js';
import { constant } from '../../src/pacers/constant.js';
import type { OpenPacer } from '../../src/define.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { ScriptedClient } from '../fakes/scripted-client.js';

const MS = 1e6;

interface Setup {
  readonly rate?: number;
  readonly serviceMs?: number;
  readonly load?: Partial<DriveLoad>;
}

function drive({ rate = 1000, serviceMs = 2, load = {} }: Setup) {
  const clock = new ManualClock();
  const client = new ScriptedClient(clock, serviceMs);
  const recorder = new Recorder(expectedStatuses(['2xx']), new Series(1e9));
  let stopped = false;
  const windows = { warmupNs: 20 * MS, windowNs: 100 * MS, ...load };
  const arrivals = load.arrivals ?? new Arrivals(constant as OpenPacer, { rate }, 1, windows.warmupNs + windows.windowNs, 0, 1);
  const drive = new Drive(
    { startNs: 5 * MS, maxInFlight: 100, pacing: 'hybrid', chooseRequest: () => 0, ...windows, arrivals },
    { clock, client, recorder, schedule: clock, stopped: () => stopped },
  );
  const state = { over: false };
  void drive.run().then(() => (state.over = true));
  return { clock, client, recorder, drive, state, stop: () => (stopped = true) };
}

describe('the drive', () => {
  test('sends every arrival within one turn of the instant that the plan wanted', () => {
    const { clock, client } = drive({});
    clock.runUntil(200 * MS);
    expect(client.seen.map((sample) => sample.intendedNs)).toEqual(Array.from({ length: 120 }, (_, n) => 5 * MS + (n + 0.5) * MS));
    for (const { intendedNs, dispatchedNs } of client.seen) {
      expect(dispatchedNs).toBeGreaterThanOrEqual(intendedNs);
      expect(dispatchedNs - intendedNs).toBeLessThanOrEqual(clock.turnNs);
    }
  });

  test('turns rarely while nothing can come, and once more right before it sends: a server may have closed', () => {
    const { clock, client } = drive({ serviceMs: 0.1 });
    const turnsNs: number[] = [];
    const { soon } = clock;
    clock.soon = (run) => soon.call(clock, () => (turnsNs.push(clock.nowNs()), run()));
    clock.runUntil(200 * MS);
    for (const { intendedNs, dispatchedNs } of client.seen.slice(0, -1)) {
      const doneNs = dispatchedNs + 0.1 * MS;
      const before = turnsNs.filter((turnNs) => turnNs < intendedNs);
      expect(intendedNs - before.at(-1)!).toBeLessThan(10_000);
      const within = (fromNs: number, untilNs: number): number => turnsNs.filter((turnNs) => turnNs > fromNs && turnNs < untilNs).length;
      expect(within(intendedNs, doneNs)).toBeGreaterThan(20); // of 100 µs
      expect(within(doneNs, intendedNs + MS)).toBeLessThan(30); // of 900 µs
    }
  });

  test('keeps warm-up and window apart by the intended instant', () => {
    const { clock, recorder } = drive({});
    clock.runUntil(200 * MS);
    const { requests, histograms } = recorder.tally();
    expect([requests.warmup.planned, requests.planned, histograms.response.count]).toEqual([20, 100, 100]);
  });

  test('does not wait for responses: a server that never answers gets the whole schedule, up to the in-flight limit', () => {
    const { clock, client, recorder } = drive({ serviceMs: Infinity, load: { maxInFlight: 30 } });
    clock.runUntil(200 * MS);
    expect(client.seen).toHaveLength(30);
    expect(recorder.tally().requests.shed + recorder.tally().requests.warmup.shed).toBe(90);
  });

  test('counts latency from the intended instant, so that a stall of its own is seen in late and in response', () => {
    const { clock, recorder } = drive({});
    clock.runUntil(60 * MS);
    clock.stall(50 * MS);
    clock.runUntil(300 * MS);
    const { histograms, requests } = recorder.tally();
    expect(requests.planned).toBe(100);
    expect(histograms.late.max).toBeGreaterThan(48 * MS);
    const p90 = (metric: 'response' | 'service'): number => Histogram.decode(histograms[metric]).quantileNs(0.9);
    expect(p90('response')).toBeGreaterThan(35 * MS);
    expect(p90('service')).toBeLessThan(3 * MS); // only the two that were under way when it began took long
  });

  test('remembers how long its loop was away', () => {
    const { clock, drive: driven } = drive({});
    clock.runUntil(60 * MS);
    clock.stall(40 * MS);
    clock.runUntil(300 * MS);
    expect(driven.longestTurnNs / MS).toBeCloseTo(40, 0);
  });

  test('counts as stalled only what lies in the window, and only turns longer than 20 ms', () => {
    const stalledBy = (atMs: number, forMs: number): number => {
      const { clock, drive: driven } = drive({});
      clock.runUntil(atMs * MS);
      clock.stall(forMs * MS);
      clock.runUntil(300 * MS);
      return driven.stalledNs / MS;
    };
    expect(stalledBy(60, 15)).toBe(0);
    expect(stalledBy(60, 40)).toBeCloseTo(40, 0);
    expect(stalledBy(10, 40)).toBeCloseTo(25, 0); // the window begins at 25 ms
  });

  test('has as much time in flight as all exchanges took together, failed and shed ones included', () => {
    for (const setup of [{}, { serviceMs: 0.1 }, { load: { maxInFlight: 1 } }, { load: { arrivals: 8 } }]) {
      const { clock, drive: driven, recorder } = drive(setup);
      clock.runUntil(400 * MS);
      const { exchangesNs } = recorder.observed();
      expect(exchangesNs).toBeGreaterThan(0);
      expect(driven.inFlightNs / exchangesNs).toBeCloseTo(1, 9);
    }
  });

  test('ends when the last response is there, not before', async () => {
    const { clock, state } = drive({ serviceMs: 500 });
    clock.runUntil(400 * MS);
    await Promise.resolve();
    expect(state.over).toBe(false);
    clock.runUntil(700 * MS);
    await Promise.resolve();
    expect(state.over).toBe(true);
  });

  test('stops at once when told to, and what was under way is counted as stopped', async () => {
    const { clock, state, stop, recorder } = drive({ serviceMs: Infinity });
    clock.runUntil(60 * MS);
    stop();
    clock.runUntil(120 * MS);
    await Promise.resolve();
    expect(state.over).toBe(true);
    const { requests } = recorder.tally();
    expect(requests.failures).toEqual({ stopped: requests.failed });
    expect(requests.planned).toBe(requests.sent);
  });

  test('with the closed pacer keeps as many requests in flight as asked, and no more', () => {
    const { clock, client, drive: driven } = drive({ serviceMs: 4, load: { arrivals: 8 } });
    clock.runUntil(60 * MS);
    expect(driven.inFlight).toBe(8);
    clock.runUntil(300 * MS);
    expect(driven.inFlight).toBe(0);
    expect(client.seen).toHaveLength(8 * 30);
  });

  test('with timer pacing sends what is due at each tick of a millisecond', () => {
    const { clock, client } = drive({ rate: 5000, load: { pacing: 'timer' } });
    clock.runUntil(300 * MS);
    expect(client.seen).toHaveLength(600);
    expect(Math.max(...client.seen.map(({ intendedNs, dispatchedNs }) => dispatchedNs - intendedNs))).toBeLessThanOrEqual(MS);
  });
});
