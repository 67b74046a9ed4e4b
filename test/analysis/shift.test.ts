import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.js';
import { shiftFunction } from '../../src/analysis/shift.js';
import { fakeRun } from '../fakes/raw-run.js';

const shifted = (byMs: (base: number) => number, blocks = 6) => {
  const draw = (random: () => number): number => 5 + 5 * random();
  const arms = [{ name: 'reused', responseMs: draw }, { name: 'fresh', responseMs: (random: () => number): number => { const base = draw(random); return base + byMs(base); } }];
  return shiftFunction(analyze(fakeRun({ arms, blocks, requests: 600 })), 'reused');
};

describe('the shift function', () => {
  test('is flat where every request is slower by as much', () => {
    for (const { estimateMs, band } of shifted(() => 2)) {
      expect(Math.abs(estimateMs - 2)).toBeLessThan(0.3);
      expect(band!.lowMs).toBeLessThanOrEqual(estimateMs);
      expect(band!.highMs).toBeGreaterThanOrEqual(estimateMs);
    }
  });
  test('rises where only the slow ones are slower', () => {
    const points = shifted((base) => (base > 9 ? 20 : 0));
    const at = (quantile: number): number => points.find((point) => Math.abs(point.quantile - quantile) < 1e-9)!.estimateMs;
    expect(Math.abs(at(0.5))).toBeLessThan(0.5);
    expect(at(0.9)).toBeGreaterThan(10);
  });
  test('has no band below six blocks, and no point without a complete block', () => {
    const points = shifted(() => 2, 2);
    expect(points.length).toBeGreaterThan(40);
    expect(points.every(({ band }) => band === null)).toBe(true);
    expect(shifted(() => 2, 0)).toEqual([]);
  });
  test('ends where a block has fewer than 20 requests beyond', () => {
    expect(shifted(() => 2).at(-1)!.quantile).toBeLessThanOrEqual(1 - 20 / 1200);
  });
});
