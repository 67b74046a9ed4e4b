import { quantileName } from '../../src/units.js';
import { describe, expect, test } from 'vitest';
import * as pacers from '../../src/pacers/index.js';
import { closedBecause, counted, experimentSentence, failureWords, listed, openedBecause, policyOptions, policySummary, promiseWords, targetWords, trafficSentence } from '../../src/reporters/words.js';
import type { Result } from '../../src/result/schema.js';
import { fixture } from '../fakes/results.js';

const withPlan = (plan: Partial<Result['plan']>): Result => ({ ...fixture('two-arms'), plan: { ...fixture('two-arms').plan, ...plan } });

describe('the traffic in one sentence', () => {
  test.each([
    ['poisson', { rate: 400 }, 'Poisson arrivals at a mean of 400/s'],
    ['constant', { rate: 2000 }, 'evenly spaced arrivals at 2000/s'],
    ['ramp', { from: 10, to: 200, over: 10e9 }, 'a rate from 10/s to 200/s over 10s'],
    ['steps', { steps: [{ rate: 10, forNs: 2e9 }, { rate: 50, forNs: 1e9 }] }, 'rates in steps of 10/s for 2s, then 50/s for 1s'],
  ] as const)('%s', (pacer, options, words) => {
    expect(trafficSentence(withPlan({ pacer, options: structuredClone(options) as Result['plan']['options'] }))).toBe(`Open loop, ${words}; latency is counted from the instant each request was due`);
  });
  test('closed', () => {
    expect(trafficSentence(withPlan({ pacer: 'closed', model: 'closed', options: { inFlight: 32 } }))).toMatch(/^Closed loop, 32 requests in flight/);
  });
  test('a pacer of a later version is named with its options', () => {
    expect(trafficSentence(withPlan({ pacer: 'sine', options: { amplitude: 3 } }))).toMatch(/^Open loop, sine \(amplitude 3\);/);
  });
  test('knows every pacer of the list', () => {
    for (const { kind, model } of Object.values(pacers)) expect(trafficSentence(withPlan({ pacer: kind, model, options: {} }))).not.toContain(`${kind} (`);
  });
});

test('the experiment in one sentence', () => {
  expect(experimentSentence(fixture('three-arms'))).toBe('6 blocks of 3 arms, interleaved; 36 rounds, each 100ms of warm-up and 1s measured');
});

test('the target is named by its request when there is one, and by its URL when there are more', () => {
  expect(targetWords(fixture('two-arms'))).toBe('GET https://staging.example.test:8443/items');
  const { target } = fixture('two-arms');
  expect(targetWords({ ...fixture('two-arms'), target: { ...target, requests: [...target.requests, ...target.requests] } })).toMatch(/^2 kinds of request to https:/);
});

test('options are shown in the units that people write', () => {
  expect(policyOptions({ policy: 'idle-gap', options: { connections: 1600, gap: 2e9 } })).toEqual([{ name: 'connections', value: '1,600' }, { name: 'gap', value: '2s' }]);
  expect(policyOptions({ policy: 'of-tomorrow', options: { speed: 3, mode: 'x', nothing: null } })).toEqual([{ name: 'speed', value: '3' }, { name: 'mode', value: 'x' }, { name: 'nothing', value: 'none' }]);
  expect(policySummary('of-tomorrow')).toBe('of-tomorrow');
});

test('reasons, ends and failures are sentences, and unknown ones stand for themselves', () => {
  expect(openedBecause('server-announced-close/always')).toMatch(/^because the server .*\(server-announced-close\/always\)$/);
  expect(closedBecause('policy/server')).toBe('because it had carried its share (policy/server)');
  expect(closedBecause('toString')).toBe('because of toString');
  expect(failureWords('stale')).toMatch(/idle connection/);
  expect(failureWords('of-tomorrow')).toBe('of tomorrow');
  expect(failureWords('constructor')).toBe('constructor');
});

test('a promise is held, not held, or not tested', () => {
  expect(promiseWords(fixture('two-arms').arms[0]!).text).toBe('held in 12 of 12 rounds');
  expect(promiseWords(fixture('broken-promise').arms[0]!)).toEqual({ text: 'NOT held in 4 of 4 rounds', tone: 'bad' });
  expect(promiseWords(fixture('no-rounds').arms[0]!).text).toBe('not tested: no rounds');
});

test('quantiles, counts and lists', () => {
  expect([0.5, 0.99, 0.999, 0.9999].map(quantileName)).toEqual(['p50', 'p99', 'p99.9', 'p99.99']);
  expect([counted(1, 'round'), counted(12_000, 'round')]).toEqual(['1 round', '12,000 rounds']);
  expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
});
