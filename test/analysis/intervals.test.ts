import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { autocorrelationFactor, hodgesLehmann, intervalOf, relativeEffect, walshAverages } from '../../src/analysis/intervals.js';
import { randomFrom } from '../../src/random.js';

// Golden numbers: numpy 2.4.6 and scipy 1.17.1. Estimate: numpy.median of the Walsh averages. Ends: the outermost shifts that
// scipy.stats.wilcoxon(values - shift, method='exact') does not reject at 1 − level, found between each two neighbouring Walsh averages.
// Factor: the formula of the docstring in numpy.
const golden: { values: number[]; centre: number; at95: [number, number]; at975: [number, number]; factor: number }[] = [
  { values: [1.30472, -0.03998, 1.75045, 1.94056, -0.95104, -0.30218], centre: 0.6323700000000001, at95: [-0.95104, 1.94056], at975: [-0.95104, 1.94056], factor: 1.4630951772699377 },
  { values: [1.12784, 0.68376, 0.9832, 0.14696, 1.8794, 1.77779, 1.06603], centre: 1.060775, at95: [0.56508, 1.77779], at975: [0.14696, 1.8794], factor: 1.2732090228796271 },
  { values: [2.12724, 1.46751, 0.14071, 1.36875, 0.04112, 1.87845, 0.95007, 0.81514], centre: 1.11296, at95: [0.42813, 1.797375], at975: [0.14071, 1.87845], factor: 1.0 },
  { values: [0.31907, 2.22254, 0.84547, 0.57167, 0.64787, 1.53231, 1.36544, 1.41273, 1.43082, 3.14165], centre: 1.36544, at95: [0.74667, 1.89476], at975: [0.60977, 2.253545], factor: 1.0718759787551109 },
  { values: [0.59358, 0.48776, 0.18623, 1.61598, 2.12897, 0.88605, 0.15984, 0.17552, 1.65059, 1.74325, 1.54315, 0.33449], centre: 0.955465, at95: [0.37671, 1.579565], at975: [0.33164, 1.633285], factor: 1.7509772673106285 },
  { values: [1.01, 1.43, 1.92, 2.14, 2.65, 3.2, 3.11, 3.97, 4.28, 4.84], centre: 2.88, at95: [1.92, 3.745], at975: [1.675, 4.02], factor: 3.0000000000000004 },
  { values: [0.47475, 0.9258, 0.34719, -1.05157, -0.27929, -0.16428, 0.05303, 0.70645, 0.042, -1.63101, 0.66995, -0.01567, 0.09853, -0.04777, 0.78879, 0.6144, 0.20356, -2.95311, -0.36479, 0.11898], centre: 0.0832475, at95: [-0.32204, 0.36149], at975: [-0.466295, 0.38656], factor: 1.1046112203845497 },
  { values: [-0.07472, -1.51003, -1.09589, 0.0432, 0.50001, 1.82667, 2.39834, -0.01423, -1.37063, -2.63197, -0.52142, -1.58765, -1.29596, -1.44617, -0.97049, 0.55664, -0.40016, -0.92055, -1.76171, -2.35674, -0.89653, -0.29698, 1.59611, 0.25111, 0.86582, -0.74416, -1.61513, -1.47326, -1.50871, 1.47202], centre: -0.585305, at95: [-1.057395, -0.01576], at975: [-1.141565, 0.0432], factor: 1.8786145660700966 },
];

describe('the interval of block differences', () => {
  it.each(golden)('agrees with scipy on $values', ({ values, centre, at95, at975, factor }) => {
    near(hodgesLehmann(values), centre);
    near(autocorrelationFactor(values), factor);
    for (const [level, [low, high]] of [[0.95, at95], [0.975, at975]] as const) {
      const interval = intervalOf(values, level);
      near(interval?.low, centre - factor * (centre - low));
      near(interval?.high, centre + factor * (high - centre));
      near(interval?.widening, factor);
    }
  });

  it('does not exist below 6 blocks', () => {
    expect(intervalOf([1, 2, 3, 4, 5], 0.95)).toBeNull();
    expect(intervalOf([], 0.95)).toBeNull();
  });

  it('of 6 blocks asked for 97.5 % is the range of the differences and says 96.9 %', () => {
    const interval = intervalOf([1.2, 0.8, 1.5, 1.1, 0.7, 1.9], 0.975);
    expect(interval).toMatchObject({ low: 0.7, high: 1.9, level: 0.96875, widening: 1 });
  });

  it('says the exact coverage and not the asked one', () => {
    expect(intervalOf([3, 1, 4, 1.5, 9, 2.6, 5, 3.5, 8, 9.7], 0.95)?.level).toBe(1 - 50 / 1024);
  });

  it('covers the truth as often as it says, with independent blocks', () => {
    expect(shareCovered(10, 0)).toBeGreaterThan(0.95);
    expect(shareCovered(10, 0)).toBeLessThan(0.985);
  });

  it('still covers nine times in ten when neighbouring blocks resemble each other', () => {
    expect(shareCovered(20, 0.4)).toBeGreaterThan(0.9);
  });
});

describe('as an estimator', () => {
  const differences = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 6, maxLength: 24 });

  it('moves with the values when they are shifted and stretched', () => {
    fc.assert(
      fc.property(differences, fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: 0.1, max: 10, noNaN: true }), (values, shift, scale) => {
        fc.pre(spread(values) > 1e-3);
        const before = intervalOf(values, 0.95);
        const after = intervalOf(values.map((value) => scale * value + shift), 0.95);
        near(after?.low, scale * (before?.low ?? NaN) + shift, 1e-6);
        near(after?.high, scale * (before?.high ?? NaN) + shift, 1e-6);
        near(hodgesLehmann(values.map((value) => scale * value + shift)), scale * hodgesLehmann(values) + shift);
      }),
    );
  });

  it('turns round when the arms are exchanged', () => {
    fc.assert(
      fc.property(differences, (values) => {
        fc.pre(spread(values) > 1e-3);
        const mirrored = values.map((value) => -value);
        near(intervalOf(mirrored, 0.975)?.low, -(intervalOf(values, 0.975)?.high ?? NaN), 1e-6);
        near(hodgesLehmann(mirrored), -hodgesLehmann(values));
      }),
    );
  });

  it('lies in its own interval, whatever the level', () => {
    fc.assert(
      fc.property(differences, fc.constantFrom(0.9, 0.95, 0.975, 0.99), (values, level) => {
        const interval = intervalOf(values, level);
        const centre = hodgesLehmann(values);
        expect(interval?.low).toBeLessThanOrEqual(centre);
        expect(interval?.high).toBeGreaterThanOrEqual(centre);
      }),
    );
  });

  it('is not moved far by one wild block', () => {
    const calm = [11.7, 11.9, 12.1, 11.5, 11.8, 11.6, 12.2, 11.75, 11.85, 12.0];
    expect(Math.abs(hodgesLehmann([...calm.slice(1), 900]) - hodgesLehmann(calm))).toBeLessThan(0.2);
  });

  it('averages every pair once and every value with itself', () => {
    expect([...walshAverages([1, 4, 2])]).toEqual([1, 1.5, 2, 2.5, 3, 4]);
    expect(hodgesLehmann([])).toBeNaN();
  });
});

describe('the widening for autocorrelation', () => {
  it('is none for blocks that alternate and for blocks that are all alike', () => {
    expect(autocorrelationFactor([1, 2, 1, 2, 1, 2, 1, 2])).toBe(1);
    expect(autocorrelationFactor([3, 3, 3, 3, 3, 3])).toBe(1);
  });

  it('ends at 3, where neighbours are as alike as a drift', () => {
    near(autocorrelationFactor([1, 1.4, 1.9, 2.1, 2.6, 3.2, 3.1, 3.9, 4.2, 4.8]), 3);
  });
});

describe('the relative effect', () => {
  // Golden: numpy and scipy as above, on log(baseline) − log(candidate), turned back by 100·(1 − exp(−x)).
  it('is the share of the baseline that the candidate saves', () => {
    const baseline = [20.1, 20.4, 19.8, 20.9, 20.2, 20.6, 20.0, 20.3];
    const candidate = [8.3, 8.1, 8.9, 8.6, 8.2, 8.4, 8.7, 8.0];
    const { estimate, interval } = relativeEffect(baseline, candidate, 0.95);
    near(estimate, 59.1861898890259);
    near(interval?.low, 56.917249121148);
    near(interval?.high, 60.00292650805296);
    expect(relativeEffect(baseline.slice(0, 5), candidate.slice(0, 5), 0.95).interval).toBeNull();
  });
});

function near(actual: number | undefined, wanted: number, tolerance = 1e-9): void {
  expect(Math.abs((actual ?? NaN) - wanted)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted)));
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Over 1,000 seeded runs: how often the 95 % interval holds 0, the true difference of blocks with autocorrelation rho. */
function shareCovered(blocks: number, rho: number): number {
  const random = randomFrom(20_260_101);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let covered = 0;
  for (let run = 0; run < 1000; run++) {
    const differences = [normal()];
    while (differences.length < blocks) differences.push(rho * (differences.at(-1) ?? 0) + Math.sqrt(1 - rho ** 2) * normal());
    const interval = intervalOf(differences, 0.95);
    if (interval && interval.low <= 0 && interval.high >= 0) covered++;
  }
  return covered / 1000;
}
