import { describe, expect, it } from 'vitest';
import { BEYOND_TO_ESTIMATE, blockQuantiles, completeBlocks, measured, missingPerBlock, requestsFor } from '../../src/analysis/blocks.js';
import { compareArms, stateOf, type ComparisonState } from '../../src/analysis/comparisons.js';
import { MIN_BLOCKS } from '../../src/analysis/intervals.js';
import type { Comparison } from '../../src/result/schema.js';
import { exponential, fakeRun, type FakeArm, type FakeRun } from '../fakes/raw-run.js';

const slow: FakeArm = { name: 'fresh', responseMs: (random) => 20 + exponential(random) };
const fast: FakeArm = { name: 'reused', responseMs: (random) => 8 + exponential(random) };

describe('a comparison', () => {
  it('is baseline minus candidate, positive when the candidate is faster', () => {
    const p50 = at(0.5, { arms: [fast, slow], requests: 2000 });
    expect(p50).toMatchObject({ baseline: 'fresh', candidate: 'reused', metric: 'response', state: 'faster', primary: true, detail: '' });
    expect(p50.estimateMs).toBeGreaterThan(11.9);
    expect(p50.estimateMs).toBeLessThan(12.1);
    expect(p50.ci?.lowMs).toBeLessThan(12);
    expect(p50.ci?.highMs).toBeGreaterThan(12);
  });

  it('turns its sign when the baseline is the other arm', () => {
    const p50 = at(0.5, { arms: [fast, slow], baseline: 'reused' });
    expect(p50).toMatchObject({ candidate: 'fresh', state: 'slower' });
    expect(p50.estimateMs).toBeLessThan(-11.9);
  });

  it('comes for every other arm at p50, p90, p99 and p99.9, of which p50 and p99 are primary', () => {
    const run = fakeRun({ arms: [slow, fast, { ...fast, name: 'capped' }], requests: 100 });
    const comparisons = compareArms(completeBlocks(run), 'fresh', ['fresh', 'reused', 'capped']);
    expect(comparisons.map(({ candidate, quantile, primary }) => [candidate, quantile, primary])).toEqual([
      ['reused', 0.5, true],
      ['reused', 0.9, false],
      ['reused', 0.99, true],
      ['reused', 0.999, false],
      ['capped', 0.5, true],
      ['capped', 0.9, false],
      ['capped', 0.99, true],
      ['capped', 0.999, false],
    ]);
  });

  it('asks more of the primary quantiles than of the others, and gives what its blocks allow', () => {
    const levels = (blocks: number): (number | undefined)[] => [0.5, 0.9].map((quantile) => at(quantile, { blocks, requests: 200 }).ci?.level);
    expect(levels(10)).toEqual([1 - 20 / 1024, 1 - 50 / 1024]);
    expect(levels(6)).toEqual([0.96875, 0.96875]);
  });

  it('has a margin of 2 % of the baseline, and of 0.1 ms at least', () => {
    expect(at(0.5, { arms: [fast, slow] }).marginMs).toBeCloseTo(0.02 * 20.7, 1);
    expect(at(0.5, { arms: [{ ...fast, responseMs: () => 0.5 }, { ...slow, responseMs: () => 0.5 }] }).marginMs).toBe(0.1);
  });

  it('of two arms that are the same is the same', () => {
    expect(at(0.5, { arms: [{ ...slow, name: 'reused' }, slow], requests: 2000 })).toMatchObject({ state: 'same' });
  });

  it('that could go either way says how many blocks would tell', () => {
    const noisy = (name: string): FakeArm => ({ name, responseMs: (random, { index }) => 10 + 2 * Math.sin(index * 2.4) + 0.1 * random() });
    const p50 = at(0.5, { arms: [noisy('reused'), noisy('fresh')], requests: 60 });
    expect(p50.state).toBe('cannot-tell');
    expect(p50.detail).toMatch(/^about [\d,]+ blocks would be needed for ± 0\.\d+ ms$/);
  });
});

describe('what was declared before the run', () => {
  const comparisons = (quantiles: number[], marginMs: number | null, blocks = 10): Comparison[] =>
    compareArms(completeBlocks(fakeRun({ arms: [fast, slow], requests: 200, blocks })), 'fresh', ['reused'], { quantiles, marginMs });

  it('is what the verdict rests on, and the fewer quantiles the narrower the interval of each', () => {
    const [one, two] = [[0.5], [0.5, 0.9]].map((quantiles) => comparisons(quantiles, null)) as [Comparison[], Comparison[]];
    expect([one, two].map((all) => all.filter(({ primary }) => primary).map(({ quantile }) => quantile))).toEqual([[0.5], [0.5, 0.9]]);
    expect([one[0]?.ci?.level, two[0]?.ci?.level]).toEqual([1 - 50 / 1024, 1 - 20 / 1024]);
  });

  it('is the margin, in place of the usual one', () => {
    expect(comparisons([0.5], 30)[0]).toMatchObject({ marginMs: 30, state: 'same' });
    expect(comparisons([0.5], null)[0]).toMatchObject({ state: 'faster' });
  });

  it('holds for a quantile that could not be estimated, too', () => {
    expect(comparisons([0.5, 0.999], 3).at(-1)).toMatchObject({ quantile: 0.999, primary: true, estimateMs: null, relative: null, marginMs: 3 });
  });
});

describe('the saving as a share of the baseline', () => {
  it('is the difference in percent, with an interval that holds it', () => {
    const { relative } = at(0.5, { arms: [fast, slow], requests: 2000 });
    expect(relative?.percent).toBeCloseTo((100 * 12) / 20.7, 0);
    expect(relative?.lowPercent).toBeLessThan(relative?.percent ?? NaN);
    expect(relative?.highPercent).toBeGreaterThan(relative?.percent ?? NaN);
    expect(relative?.level).toBe(0.96875);
  });

  it('has no interval below six blocks, and is nothing where a time was 0', () => {
    expect(at(0.5, { arms: [fast, slow], blocks: 5 }).relative).toMatchObject({ lowPercent: null, highPercent: null, level: null });
    expect(at(0.5, { arms: [{ ...fast, responseMs: () => 0 }, slow] }).relative).toBeNull();
  });
});

describe('the samples that a comparison needs', () => {
  it('are 20 beyond the quantile in every block, else nothing is estimated and what is missing is said', () => {
    // two rounds of 500 in a block: 1,000 of the 2,000 that p99 needs
    const p99 = at(0.99, { requests: 500 });
    expect(p99).toMatchObject({ estimateMs: null, ci: null, state: 'cannot-tell' });
    expect(p99.detail).toBe('needs 1,000 more requests per arm in every block (20 beyond the quantile)');
    expect(at(0.99, { requests: 1000 }).estimateMs).not.toBeNull();
  });

  it('are counted in the smallest block of either arm', () => {
    const blocks = completeBlocks(fakeRun({ requests: 100, arms: [{ name: 'reused', failed: 30 }, { name: 'fresh' }] }));
    expect(missingPerBlock([measured(blocks, 'fresh', 'response'), measured(blocks, 'reused', 'response')], 0.9)).toBe(60);
  });

  it('are told by the quantile: the rarer, the more', () => {
    expect([0.5, 0.9, 0.99, 0.999].map((quantile) => requestsFor(quantile, 20))).toEqual([40, 200, 2000, 20_000]);
  });

  it('are 100 beyond the quantile in all of an arm for a verdict, which 6 blocks with 20 each hold', () => {
    expect(MIN_BLOCKS * BEYOND_TO_ESTIMATE).toBeGreaterThanOrEqual(100);
  });

  it('are 6 blocks for an interval: with fewer there is an estimate and no verdict', () => {
    const p50 = at(0.5, { arms: [fast, slow], blocks: 5 });
    expect(p50).toMatchObject({ ci: null, state: 'cannot-tell', detail: 'needs at least 6 blocks, has 5' });
    expect(p50.estimateMs).toBeGreaterThan(11);
  });
});

describe('the value of a block', () => {
  const steps = (values: readonly number[]): NonNullable<FakeArm['responseMs']> => (_, { index }) => values[index] ?? 0;
  const values = (quantile: number, requests: number): number[] => {
    const run = fakeRun({ arms: [{ name: 'reused', responseMs: steps([1, 3]) }], baseline: 'reused', blocks: 1, requests });
    const arm = measured(completeBlocks(run), 'reused', 'response');
    return blockQuantiles([arm, arm], quantile)[0];
  };

  it('is the mean of the quantiles of its rounds', () => {
    expect(values(0.5, 100)[0]! / 1e6).toBeCloseTo(2, 2);
  });

  it('is the quantile of all its requests where a round alone has too few', () => {
    expect(values(0.5, 30)[0]! / 1e6).toBeCloseTo(1, 2);
    expect(values(0.9, 100)[0]! / 1e6).toBeCloseTo(3, 2);
  });
});

describe('an interrupted run', () => {
  it('is compared on the blocks in which every arm ran all its rounds', () => {
    const whole = fakeRun({ blocks: 8 });
    const cut = fakeRun({ blocks: 8, ended: 27 }); // six blocks of four, and three rounds of the seventh
    expect(completeBlocks(cut).map((block) => block.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(compareArms(completeBlocks(cut), 'fresh', ['reused'])).toEqual(compareArms(completeBlocks(whole).slice(0, 6), 'fresh', ['reused']));
  });

  it('before its first block ended compares nothing, and says so', () => {
    expect(at(0.5, { ended: 3 })).toMatchObject({ estimateMs: null, state: 'cannot-tell', detail: 'no block was completed' });
  });
});

describe('the state of a difference', () => {
  const states: [low: number, high: number, state: ComparisonState][] = [
    [0.5, 0.9, 'faster'],
    [0.2, 0.8, 'faster-small'],
    [0.1, 0.2, 'same'], // of no practical use, and surely so
    [-0.4, -0.3, 'same'],
    [0.4, 0.9, 'faster-small'],
    [-0.1, 0.2, 'same'],
    [-0.4, 0.4, 'same'],
    [0, 0.4, 'same'],
    [-0.1, 0.5, 'cannot-tell'],
    [-1.9, 1.2, 'cannot-tell'],
    [-0.8, -0.2, 'slower-small'],
    [-0.9, -0.5, 'slower'],
  ];
  it.each(states)('with an interval from %f to %f and a margin of 0.4 is %3$s', (low, high, state) => {
    expect(stateOf({ low, high }, 0.4)).toBe(state);
  });
});

/** The comparison of the first other arm at a quantile. */
function at(quantile: number, wanted: Partial<FakeRun>): Comparison {
  const run = fakeRun(wanted);
  const names = run.record.arms.map((arm) => arm.name);
  const found = compareArms(completeBlocks(run), run.record.plan.baseline, names).find((comparison) => comparison.quantile === quantile);
  if (!found) throw new Error(`no comparison at ${quantile}`);
  return found;
}
