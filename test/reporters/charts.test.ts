import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/measure/histogram.js';
import { randomFrom } from '../../src/random.js';
import { spreadsOf } from '../../src/reporters/html/charts/histograms.js';
import { drawPanels, type Panel } from '../../src/reporters/html/charts/panels.js';
import { marksOf } from '../../src/reporters/html/marks.js';
import type { Moment } from '../../src/reporters/html/slices.js';
import { fixture } from '../fakes/results.js';
import { movedApart } from '../../src/reporters/html/charts/labels.js';
import { differenceScale, tickText, timeScale } from '../../src/reporters/html/charts/scales.js';

describe('labels that would collide', () => {
  test('stay where they are when they have room', () => {
    expect(movedApart([10, 50, 90], 17, 0, 100)).toEqual([10, 50, 90]);
  });
  test('move apart around their middle', () => {
    expect(movedApart([50, 50], 20, 0, 100)).toEqual([40, 60]);
    expect(movedApart([52, 48], 20, 0, 100)).toEqual([60, 40]);
  });
  test('keep their order, their distance and the page, wherever they were wanted', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -50, max: 450, noNaN: true }), { maxLength: 8 }), (wanted) => {
      const placed = movedApart(wanted, 17, 20, 380);
      const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]! || a - b).map((index) => placed[index]!);
      for (const at of placed) expect(at).toBeGreaterThanOrEqual(20 - 1e-6);
      for (const at of placed) expect(at).toBeLessThanOrEqual(380 + 1e-6);
      order.slice(1).forEach((at, index) => expect(at - order[index]!).toBeGreaterThanOrEqual(17 - 1e-6));
    }));
  });
});

describe('panels over time', () => {
  const marks = marksOf(fixture('two-arms'));
  const moments = (count: number): Moment[] => Array.from({ length: count }, (_, i): Moment => ({
    arm: 'reused', round: 0, fromMs: i * 10, toMs: (i + 1) * 10, planned: 5, completed: i === 777 ? 1000 : 5, opened: 0, tlsFull: 0, tlsResumed: 0, inFlight: 1, lateP50Ms: null, lateP99Ms: null,
  }));
  const panel: Panel = { title: 'rate', scale: 'linear', lines: [{ value: ({ completed }) => completed, kind: 'arm' }] };
  const pathOf = (count: number): string => /class="arm-0 line" d="([^"]*)"/.exec(drawPanels([panel], moments(count), marks, { width: 860, narrow: false }).body.text)?.[1] ?? '';

  test('draw every slice while they are few', () => {
    expect(pathOf(200).match(/H/g)).toHaveLength(200);
  });
  test('draw at most 600 points of many slices, and keep the spike of a single one', () => {
    const points = [...pathOf(3000).matchAll(/M([\d.]+) ([\d.]+)V([\d.]+)/g)].map(([, x, from, to]) => ({ x: Number(x), from: Number(from), to: Number(to) }));
    expect(points.length).toBeGreaterThan(250);
    expect(points.length).toBeLessThanOrEqual(301);
    expect(points.filter(({ from, to }) => from - to > 50)).toHaveLength(1);
  });
});

describe('the spread of response times', () => {
  const spread = (...nearMs: number[]) => {
    const histogram = Histogram.empty();
    const random = randomFrom(3);
    for (let i = 0; i < 4000; i++) histogram.record(nearMs[i % nearMs.length]! * 1e6 * (1 + 0.1 * (random() + random() + random() - 1.5)));
    return spreadsOf([{ name: 'arm', mark: marksOf(fixture('two-arms')).get('reused')!, histogram }])[0]!;
  };
  test('finds one peak where there is one, and two where there are two', () => {
    expect(spread(5).peaks).toHaveLength(1);
    const two = spread(1, 20).peaks;
    expect(two).toHaveLength(2);
    expect(two[0]).toBeCloseTo(1, 0);
    expect(two[1]! / 20).toBeCloseTo(1, 0);
  });
  test('loses no request', () => {
    expect(spread(0.3, 9, 4000).bins.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 6);
  });
});

describe('a scale of times', () => {
  test('is linear from 0 while the values are near each other, and logarithmic when they are not', () => {
    expect(timeScale([1, 19], 0, 100).log).toBe(false);
    expect(timeScale([1, 19], 0, 100)(0)).toBe(0);
    const far = timeScale([1, 21], 0, 100);
    expect([far.log, far.ticks]).toEqual([true, [1, 2, 5, 10, 20, 50]]);
  });
  test('holds every value between its ends, and its ticks in order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.0001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 12 }), (values) => {
      const scale = timeScale(values, 0, 300);
      for (const value of values) expect(scale(value)).toSatisfy((at: number) => at >= -1e-6 && at <= 300 + 1e-6);
      expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
      expect(scale.ticks.length).toBeLessThanOrEqual(16);
      expect([...scale.ticks].sort((a, b) => a - b)).toEqual(scale.ticks);
    }));
  });
  test('without a time it still is a scale', () => {
    expect(timeScale([], 0, 100)(0)).toBe(0);
    expect(timeScale([0], 0, 100).ticks.length).toBeGreaterThan(1);
  });
});

test('differences of nothing still have room', () => {
  expect(differenceScale(0, 0, 0, 100)(0)).toBe(50);
});

test('ticks are the shortest text', () => {
  expect([0.05, 2, 0.30000000000000004, 1000, 20_000, -1500].map(tickText)).toEqual(['0.05', '2', '0.3', '1,000', '20,000', '-1,500']);
});
