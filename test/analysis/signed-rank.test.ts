import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceRank, coverage, nullProbabilities } from '../../src/analysis/signed-rank.js';

describe('the signed-rank distribution', () => {
  it('is what counting all sign patterns gives', () => {
    for (let n = 0; n <= 12; n++) {
      const counts = new Array<number>((n * (n + 1)) / 2 + 1).fill(0);
      for (let signs = 0; signs < 2 ** n; signs++) {
        let sum = 0;
        for (let rank = 1; rank <= n; rank++) if (signs & (1 << (rank - 1))) sum += rank;
        counts[sum]! += 1;
      }
      expect([...nullProbabilities(n)]).toEqual(counts.map((count) => count / 2 ** n));
    }
  });

  // Golden: scipy 1.17.1, scipy.stats._wilcoxon.WilcoxonDistribution(n).cdf(s).
  it.each([
    [8, 3, 0.01953125],
    [10, 10, 0.0419921875],
    [14, 14, 0.0067138671875],
    [20, 105, 0.5072822570800781],
    [24, 24, 4.5418739318847656e-5],
    [30, 30, 1.8952414393424988e-6],
    [60, 60, 8.845615212527136e-14],
    [60, 915, 0.5014574637805898],
  ])('of %i values has the lower tail that scipy has at %i', (n, s, cdf) => {
    const ours = nullProbabilities(n).subarray(0, s + 1).reduce((sum, chance) => sum + chance, 0);
    expect(Math.abs(ours / cdf - 1)).toBeLessThan(1e-9);
  });

  it('adds up to one and is symmetric for any number of values', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (n) => {
        const chances = nullProbabilities(n);
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
        expect([...chances.toReversed()]).toEqual([...chances]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the rank of the interval', () => {
  // Golden: the largest k with 1 − 2·P(T⁺ ≤ k − 1) ≥ level by scipy 1.17.1; the same as R's qsignrank tables.
  const ranks: [n: number, at95: number | null, at975: number | null, at99: number | null][] = [
    [5, null, null, null],
    [6, 1, null, null],
    [7, 3, 1, null],
    [8, 4, 3, 1],
    [10, 9, 6, 4],
    [12, 14, 11, 8],
    [14, 22, 18, 13],
    [16, 30, 26, 20],
    [20, 53, 46, 38],
    [24, 82, 73, 62],
    [30, 138, 125, 110],
    [60, 649, 612, 568],
  ];
  it.each(ranks)('of %i blocks is %s at 95 %%, %s at 97.5 %% and %s at 99 %%', (n, at95, at975, at99) => {
    expect([confidenceRank(n, 0.95), confidenceRank(n, 0.975), confidenceRank(n, 0.99)]).toEqual([at95, at975, at99]);
  });

  it('covers as much as asked, and one rank further in would not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 6, max: 60 }), fc.double({ min: 0.5, max: 0.96, noNaN: true }), (n, level) => {
        const k = confidenceRank(n, level) ?? NaN;
        expect(coverage(n, k)).toBeGreaterThanOrEqual(level);
        expect(coverage(n, k + 1)).toBeLessThan(level);
      }),
    );
  });

  it('covers 96.9 % with the widest interval of 6 blocks', () => {
    expect(coverage(6, 1)).toBe(1 - 2 / 64);
  });
});
