import { describe, expect, it, test } from 'vitest';
import { rankSumProbabilities, shiftCoverage, shiftRank } from '../../../src/analysis/between-runs/rank-sum.js';
import { shiftEstimate, shiftOf, wanderOf } from '../../../src/analysis/between-runs/shift.js';
import { randomFrom } from '../../../src/random.js';

// Golden numbers: scipy 1.17.1, numpy 2.4.6. Estimate: numpy.median of all differences b − a. Ends: the outermost differences whose shift
// scipy.stats.mannwhitneyu(b − shift, a, method='exact') does not reject at 1 − level, found between each two neighbouring differences.
const golden: { a: number[]; b: number[]; shift: number; at95: [number, number]; at975: [number, number] }[] = [
  { a: [9.88518, 11.54933, 10.96868, 10.2228, 8.58136, 8.08721], b: [11.88666, 11.52453, 8.70528, 11.32535, 8.31209, 11.69748], shift: 0.6734349999999996, at95: [-1.5730900000000005, 3.1161200000000004], at975: [-2.2634000000000007, 3.305299999999999] },
  { a: [10.70276, 10.96555, 9.55735, 10.69047, 9.73795, 8.58909], b: [11.24821, 11.17912, 10.87126, 10.95454, 10.0928, 10.7097, 10.3814, 9.70377], shift: 0.48250499999999974, at95: [-0.3090700000000002, 1.5102600000000006], at975: [-0.5841500000000011, 1.6908600000000007] },
  { a: [5.42641, 8.41904, 5.20988, 5.58624, 5.29737, 5.33915, 5.46134], b: [5.89457, 5.82485, 5.7578, 8.37431, 6.1976, 5.86474, 7.2154, 7.14476, 5.96093, 5.94817], shift: 0.5613950000000001, at95: [0.30832999999999977, 1.71835], at975: [0.2785000000000002, 1.78899] },
  { a: [8.2009, 10.93292, 9.87686, 9.46169, 10.57259, 12.40497, 10.25101, 10.06363, 10.21919, 9.73844], b: [11.47266, 9.48827, 9.685, 10.45323, 11.26003, 9.16271, 9.68035, 8.88713, 10.49897, 9.94083], shift: -0.19418500000000005, at95: [-0.9897299999999998, 0.9000699999999995], at975: [-1.08432, 1.0090199999999996] },
  { a: [4.69954, 7.32978, 6.8755, 11.4681, 7.03693, 9.31207, 8.00086, 10.82476, 7.69959, 4.11453, 7.85514, 10.74053], b: [9.58924, 7.29022, 9.04217, 8.81799, 8.74427, 8.2131, 6.67876, -0.81637, 8.62297], shift: 0.23276500000000055, at95: [-2.201789999999999, 1.7341000000000006], at975: [-2.6333100000000007, 1.8896500000000005] },
  { a: [5.30172, 6.21336, 8.32903, 5.72492, 5.18588, 5.63064, 5.34847, 5.63823, 6.30041, 6.01601, 6.22342, 5.79227, 6.65577, 6.26001, 6.70716, 6.41573, 5.41824, 6.80803, 5.92558, 6.10897], b: [6.42417, 5.703, 7.75351, 5.90793, 8.65737, 5.91987, 8.43419, 6.89215, 5.88071, 5.8472, 7.59492, 6.42913, 7.00995, 5.96054, 6.29447], shift: 0.4986600000000001, at95: [-0.00570999999999966, 1.0998799999999997], at975: [-0.09613999999999923, 1.2432499999999997] },
];

describe('the shift between two runs', () => {
  it.each(golden)('agrees with scipy on $a', ({ a, b, shift, at95, at975 }) => {
    near(shiftEstimate(a, b), shift);
    for (const [level, [low, high]] of [[0.95, at95], [0.975, at975]] as const) {
      const interval = shiftOf(a, b, level);
      const widening = interval?.widening ?? NaN;
      near(shift - (shift - (interval?.low ?? NaN)) / widening, low);
      near(shift + ((interval?.high ?? NaN) - shift) / widening, high);
    }
  });

  it('has no interval below 6 blocks in either run', () => {
    const six = [1, 2, 3, 4, 5, 6];
    expect(shiftOf(six.slice(1), six, 0.95)).toBeNull();
    expect(shiftOf(six, six.slice(1), 0.95)).toBeNull();
  });

  it('turns round when the runs are exchanged', () => {
    const [{ a, b }] = golden as [(typeof golden)[number]];
    expect(shiftEstimate(b, a)).toBe(-shiftEstimate(a, b));
    near(shiftOf(b, a, 0.975)?.low ?? NaN, -(shiftOf(a, b, 0.975)?.high ?? NaN));
  });

  it('is wider for runs whose blocks drift than for the same blocks in another order', () => {
    const drifting = [1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.4];
    const mixed = [1, 2.2, 1.4, 2, 1.6, 1.8, 1.2, 2.4];
    expect(shiftOf(drifting, drifting, 0.95)?.widening).toBeGreaterThan(2);
    expect(shiftOf(mixed, mixed, 0.95)?.widening).toBeLessThan(1.5);
  });

  it('covers the truth as often as it says when nothing lies between the runs, and too seldom when something does', () => {
    expect(shareCovered(0)).toBeGreaterThan(0.95);
    expect(shareCovered(2)).toBeLessThan(0.6); // why the verdict does not rest on the blocks alone
  });
});

describe('the null distribution of the rank sum', () => {
  // Counts of the 924 and 1,287 orders by their U, by enumeration (itertools.combinations).
  test.each([
    { m: 3, n: 4, all: 35, counts: [1, 1, 2, 3, 4, 4, 5, 4, 4, 3, 2, 1, 1] },
    { m: 6, n: 6, all: 924, counts: [1, 1, 2, 3, 5, 7, 11, 13, 18, 22, 28, 32, 39, 42, 48, 51, 55, 55, 58, 55, 55, 51, 48, 42, 39, 32, 28, 22, 18, 13, 11, 7, 5, 3, 2, 1, 1] },
    { m: 5, n: 8, all: 1287, counts: [1, 1, 2, 3, 5, 7, 10, 13, 18, 22, 28, 33, 40, 45, 52, 57, 63, 66, 70, 71, 73, 71, 70, 66, 63, 57, 52, 45, 40, 33, 28, 22, 18, 13, 10, 7, 5, 3, 2, 1, 1] },
  ])('of $m against $n is the count of all orders', ({ m, n, all, counts }) => {
    const chances = rankSumProbabilities(m, n);
    expect(chances).toHaveLength(counts.length);
    counts.forEach((count, u) => near((chances[u] ?? NaN) * all, count));
  });

  test.each([
    { m: 4, n: 4, level: 0.95, rank: 1, coverage: 0.9714285714285714 },
    { m: 6, n: 6, level: 0.95, rank: 6, coverage: 0.9588744588744589 },
    { m: 6, n: 6, level: 0.975, rank: 4, coverage: 0.9848484848484849 },
    { m: 6, n: 8, level: 0.975, rank: 7, coverage: 0.98001998001998 },
    { m: 8, n: 8, level: 0.95, rank: 14, coverage: 0.9501165501165502 },
    { m: 10, n: 10, level: 0.975, rank: 21, coverage: 0.9767693606702894 },
  ])('of $m and $n blocks at $level: the $rank-th smallest and largest difference', ({ m, n, level, rank, coverage }) => {
    expect(shiftRank(m, n, level)).toBe(rank);
    near(shiftCoverage(m, n, rank), coverage);
  });

  test('4 and 4 values cannot carry 97.5 %', () => {
    expect(shiftRank(4, 4, 0.975)).toBeNull();
  });

  test('of 60 against 60 still adds up to 1', () => {
    near(rankSumProbabilities(60, 60).reduce((sum, chance) => sum + chance, 0), 1);
  });
});

test('the wander of a run is how far its second half lies from its first', () => {
  expect([wanderOf([1, 1, 1, 3, 3, 3]), wanderOf([3, 3, 9, 1, 1]), wanderOf([1]), wanderOf([])]).toEqual([2, 2, 0, 0]);
});

function near(actual: number, wanted: number): void {
  expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
}

/** Over 1,000 seeded pairs of runs of 8 blocks: how often the 95 % interval of the blocks holds 0, when each run has a level of its own with this spread. */
function shareCovered(levels: number): number {
  const random = randomFrom(20_260_102);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const run = (): number[] => {
    const level = levels * normal();
    return Array.from({ length: 8 }, () => level + normal());
  };
  let covered = 0;
  for (let pair = 0; pair < 1000; pair++) {
    const interval = shiftOf(run(), run(), 0.95);
    if (interval && interval.low <= 0 && interval.high >= 0) covered++;
  }
  return covered / 1000;
}
