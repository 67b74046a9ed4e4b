import { describe, expect, it } from 'vitest';
import { beyondChance, certainPart, senSlope, trendProbability } from '../../src/analysis/chance.js';

describe('a difference of two shares', () => {
  it('is nothing beyond chance when one request more or less explains it', () => {
    expect(beyondChance({ hits: 2, of: 1600 }, { hits: 0, of: 1600 })).toBe(0);
  });

  it('keeps what two standard errors do not explain', () => {
    const error = Math.sqrt(0.04 * 0.96 * (2 / 10_000));
    expect(beyondChance({ hits: 600, of: 10_000 }, { hits: 200, of: 10_000 })).toBeCloseTo(0.04 - 2 * error, 12);
  });

  it('does not ask which is the larger', () => {
    const [a, b] = [{ hits: 90, of: 1000 }, { hits: 10, of: 2000 }];
    expect(beyondChance(a, b)).toBe(beyondChance(b, a));
  });
});

describe('the certain part of an interval', () => {
  it.each([[1, 3, 1], [-3, -1, 1], [-1, 2, 0], [0, 2, 0]])('of [%d, %d] is %d', (low, high, part) => expect(certainPart({ low, high })).toBe(part));
});

describe('a trend', () => {
  // By hand: S = 43 of 45 pairs, variance 10·9·25/18 = 125, z = 42/√125 = 3.75659; 2·P(Z > z) from tables of the normal distribution.
  it('is found in a series that grows but for one step back', () => {
    expect(trendProbability([1, 2, 3, 5, 4, 6, 7, 8, 9, 10])).toBeCloseTo(0.00017226, 6);
  });

  it('is not found in one that goes up and down, nor in one that stands still', () => {
    expect(trendProbability([1, 3, 2, 4, 1, 3, 2, 4, 1, 3])).toBeGreaterThan(0.5);
    expect(trendProbability([5, 5, 5, 5, 5, 5])).toBe(1);
    expect(trendProbability([1, 2, 3])).toBe(1);
  });

  it('has the slope of the line, which one outlier does not move', () => {
    const at = [0, 10, 20, 30, 40, 50];
    expect(senSlope(at, at.map((x) => 3 + 0.5 * x))).toBeCloseTo(0.5, 12);
    expect(senSlope(at, at.map((x, index) => (index === 3 ? 1000 : 3 + 0.5 * x)))).toBeCloseTo(0.5, 1);
    expect(senSlope([], [])).toBe(0);
  });
});
