import { describe, expect, test } from 'vitest';
import { carriedOf, errorsOf, figure, generatorOf, handshakesPer100, idleGapsOf, per100, phasesOf, plannedRounds, quantileFigure, ranked, reasonsOf, reuseBalance, trustOf, worstLateness } from '../../src/reporters/facts.js';
import { html } from '../../src/reporters/html.js';
import { Histogram } from '../../src/measure/histogram.js';
import type { ArmResult, Result } from '../../src/result/schema.js';
import { fixture } from '../fakes/results.js';

const armOf = (result: Result, name: string): ArmResult => result.arms.find((arm) => arm.name === name)!;

describe('handshakes for every 100 requests', () => {
  test('are 0 when every connection was opened in the warm-up, and 100 when each request opened one', () => {
    const result = fixture('two-arms');
    expect(handshakesPer100(armOf(result, 'reused'))).toBe(0);
    expect(handshakesPer100(armOf(result, 'fresh'))).toBe(100);
  });
  test('are 1 when a connection carries 100 requests', () => {
    const { completed } = armOf(fixture('four-arms'), 'capped').totals.requests;
    expect(per100(completed / 100, armOf(fixture('four-arms'), 'capped'))).toBe(1);
  });
  test('are not a number to state when nothing was completed', () => {
    expect(handshakesPer100(armOf(fixture('all-errors'), 'reused'))).toBeNull();
    expect(figure(null)).toBe('–');
  });
});

describe('where the mean response went', () => {
  test.each(['two-arms', 'three-arms', 'no-tls', 'broken-promise'] as const)('the phases of %s add up to the mean', (name) => {
    for (const arm of fixture(name).arms) {
      const phases = phasesOf(arm)!;
      expect(phases.late + phases.connect + phases.tls + phases.queue + phases.service).toBeCloseTo(phases.response, 3);
      expect(Math.min(phases.late, phases.connect, phases.tls, phases.queue, phases.service)).toBeGreaterThanOrEqual(0);
    }
  });
  test('an arm without a completed request has no phases', () => {
    expect(phasesOf(armOf(fixture('all-errors'), 'fresh'))).toBeNull();
  });
});

describe('connections', () => {
  test('requests carried by a connection: mean, middle and most, from the counts', () => {
    const arm = armOf(fixture('two-arms'), 'fresh');
    const carried = { ...arm, totals: { ...arm.totals, connections: { ...arm.totals.connections, requestsPerConnection: { '1': 6, '10': 2, '100': 2 } } } };
    expect(carriedOf(carried)).toEqual({ mean: 22.6, p50: 1, max: 100 });
    expect(carriedOf({ ...carried, totals: { ...carried.totals, connections: { ...carried.totals.connections, requestsPerConnection: {} } } })).toBeNull();
  });
  test('excess is what was opened beyond the most in use at once, round by round, warm-up included', () => {
    const result = fixture('two-arms');
    const rounds = result.rounds.filter((round) => round.arm === 'fresh');
    const opened = rounds.reduce((sum, { connections }) => sum + connections.opened + connections.warmup.opened, 0);
    expect(reuseBalance(result, armOf(result, 'fresh'))).toEqual({ opened, needed: 12 * rounds.length, excess: opened - 12 * rounds.length });
  });
  test('every attempt has one reason, warm-up included', () => {
    for (const { totals, ...arm } of fixture('broken-promise').arms) {
      const all = Object.values(reasonsOf({ ...arm, totals })).reduce((sum, count) => sum + count, 0);
      expect(all).toBe(totals.connections.attempts + totals.connections.warmup.attempts);
    }
  });
});

describe('idle gaps', () => {
  const gaps = (...ms: number[]) => {
    const histogram = Histogram.empty();
    for (const gap of ms) histogram.record(gap * 1e6);
    return histogram.encode();
  };
  const having = (idle: ArmResult['totals']['connections']['idle']): Result => {
    const result = fixture('two-arms');
    const arms = result.arms.map((arm) => ({ ...arm, totals: { ...arm.totals, connections: { ...arm.totals.connections, ...(idle ? { idle } : {}) } } }));
    return { ...result, arms };
  };
  const STYLE = { width: 80, color: false, unicode: true };

  test('are told in ms, those before reuse and those that the server ended', () => {
    const { beforeReuse, beforeServerClose } = idleGapsOf(having({ beforeReuse: gaps(10, 20, 30), beforeServerClose: gaps(5000, 5010) }).arms[0]!);
    expect(beforeReuse).toMatchObject({ count: 3, min: 10, max: 30 });
    expect(beforeServerClose).toMatchObject({ count: 2, min: 5000, max: 5010 });
  });
  test('are nothing in a result of a version that did not keep them', () => {
    expect(idleGapsOf(fixture('two-arms').arms[0]!)).toEqual({ beforeReuse: null, beforeServerClose: null });
    expect(html.render(fixture('two-arms'), STYLE)).not.toContain('Idle before');
  });
  test('stand in the page: after how long the server closed, in a sentence and in the ledger', () => {
    const page = html.render(having({ beforeReuse: gaps(10), beforeServerClose: gaps(5000, 5010) }), STYLE);
    expect(page).toContain('The server closed 2 connections that had been idle for 5.00 s (5.00 to 5.01 s).');
    expect(page).toContain('Idle before it was used again, ms');
    expect(html.render(having({ beforeReuse: gaps(10), beforeServerClose: gaps() }), STYLE)).not.toContain('Idle when the server closed it');
  });
});

test('errors are failed and aborted requests; what was shed is not among them', () => {
  expect(errorsOf(armOf(fixture('all-errors'), 'fresh'))).toBe(4 * 360);
});

test('a quantile with fewer than 20 samples beyond it is marked, one without samples is a dash', () => {
  const { response } = armOf(fixture('two-arms'), 'reused').totals.latencyMs; // 2,400 samples
  expect(quantileFigure(response, 'p99')).toMatch(/^\d/);
  expect(quantileFigure(response, 'p999')).toMatch(/^~\d/);
  expect(quantileFigure({ ...response, count: 0 }, 'p50')).toBe('–');
});

test('counts are ranked from the most frequent, without those that never happened', () => {
  expect(ranked({ b: 1, a: 1, none: 0, c: 9 }).map(({ name }) => name)).toEqual(['c', 'a', 'b']);
});

test('the generator is judged by its worst round, its CPU by all of them', () => {
  expect(generatorOf(fixture('two-arms'), { name: 'fresh' })).toEqual({ cores: 210 / 1100, loopUtilization: 0.31, longestTurnMs: 1.2, over60s: 0 });
  expect(generatorOf(fixture('no-rounds'), { name: 'fresh' })).toBeNull();
});

test('trust tells checks that could not be made from those that were passed', () => {
  expect(trustOf(fixture('untrustworthy'))).toEqual({ passed: 1, all: 4, notMeasured: 1, failed: 1, warned: 1 });
});

test('the lateness that is stated is that of the arm that was worst at p99', () => {
  const { arms } = fixture('three-arms');
  expect(worstLateness(fixture('three-arms'))?.p99).toBe(Math.max(...arms.map((arm) => arm.totals.latencyMs.late.p99)));
  expect(worstLateness(fixture('no-rounds'))).toBeNull();
});

test('an interrupted run knows how many rounds it was to have', () => {
  expect(plannedRounds(fixture('partial'))).toBe(36);
});
